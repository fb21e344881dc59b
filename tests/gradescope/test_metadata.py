"""What Gradescope says of a submission: times come from it, and what is wrong with it costs nobody a point."""

from __future__ import annotations

import json
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from grader.gradescope.metadata import Metadata, read_metadata


def test_the_times_are_the_platforms_in_utc(made: ModuleType) -> None:
    assert made.METADATA.told() == {
        "submission": "123456",
        "submitted_at": "2027-03-06T05:10:00.365935+00:00",
        "due_at": "2027-03-06T07:59:00+00:00",
        "students": ["ada@uni.edu", "alan@uni.edu"],
        "attempt": 2,
    }
    assert made.METADATA.name == "submission_123456"


def test_the_documented_file_is_read(tmp_path: Path, local_platform: ModuleType) -> None:
    path = tmp_path / "submission_metadata.json"
    path.write_text(json.dumps(local_platform.METADATA))
    metadata, doubt = read_metadata(path)
    assert doubt == ""
    assert metadata.told()["attempt"] == 2
    assert metadata.assignment.total_points == "100.0"


def test_a_time_without_an_offset_says_nothing() -> None:
    assert "submitted_at" not in Metadata.model_validate({"created_at": "2027-03-05T21:10:00"}).told()


def test_an_id_that_is_no_name_does_not_become_one() -> None:
    assert Metadata.model_validate({"id": "../../etc"}).name == "submission"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (None, "cannot be read"),
        ("", "Invalid JSON"),
        ("[]", "Input should be"),
        ('{"users": 3}', "users"),
        ('{"created_at": "yesterday"}', "created_at"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_to_staff(tmp_path: Path, content: str | None, told: str) -> None:
    path = tmp_path / "submission_metadata.json"
    if content is not None:
        path.write_text(content)
    metadata, doubt = read_metadata(path)
    assert metadata == Metadata()
    assert told in doubt
    assert str(path) in doubt


def test_a_group_of_unknown_users_is_no_reason_to_stop() -> None:
    given: dict[str, Any] = {"id": 7, "users": [{"email": "ada@uni.edu"}, {}], "new_field": {"x": 1}}
    assert Metadata.model_validate(given).told()["students"] == ["ada@uni.edu", ""]
