"""What run_autograder's program decides by itself: whose fault it is when the time is over, and what staff is told."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from grader.course.assignment import load_course
from grader.errors import CourseError
from grader.gradescope.metadata import Metadata
from grader.gradescope.progress import Progress, keep_progress, kept_progress
from grader.gradescope.results_json import results_of
from grader.gradescope.run import points_doubt, stopped
from grader.gradescope.settings import NAME, Settings, read_settings

REPOSITORY = Path(__file__).parents[2]


def half(made: ModuleType, *verdicts: str) -> Progress:
    """Six checks of a point each, of which as many as there are verdicts have ended."""
    names = [f"1{letter}" for letter in "abcdef"]
    progress = Progress(result=made.result(*(made.check(name, "grader_error", 0, 1) for name in names)))
    for name, verdict in zip(names, verdicts, strict=False):
        progress = progress.with_check(made.check(name, verdict, 1 if verdict == "passed" else 0, 1))
    return progress


def test_what_has_ended_counts_and_what_has_not_does_not(made: ModuleType) -> None:
    progress = half(made, "passed", "failed", "passed")
    assert progress.finished == {"1a", "1b", "1c"}
    assert progress.result.points == 2
    assert progress.result.problems[0].points == 2
    found = results_of(progress.result, made.ABOUT, "unfinished", progress.finished)
    assert [test["tags"][0] for test in found["tests"]] == ["passed", "failed", "passed", *["not put"] * 3]
    assert found["score"] == 2
    assert [test["max_score"] for test in found["tests"]] == [1] * 6


@pytest.mark.parametrize(
    ("verdicts", "waited_s", "state", "score"),
    [
        (("passed", "timeout", "passed"), 400, "out_of_time", 2),
        (("passed", "passed"), 400, "out_of_time", 2),  # each question within its limit
        ((), 301, "out_of_time", 0),
        (("passed", "timeout", "passed"), 40, "grader_error", 0),
        (("passed", "passed"), 300, "grader_error", 0),
        ((), 0, "grader_error", 0),
    ],
)
def test_time_that_is_over_is_the_students_fault_only_if_their_code_took_it(
    made: ModuleType, tmp_path: Path, verdicts: tuple[str, ...], waited_s: float, state: str, score: int
) -> None:
    keep_progress(tmp_path / "progress.json", half(made, *verdicts))
    result, found, finished = stopped(None, tmp_path / "progress.json", waited_s, 600)
    assert found == state
    told = results_of(result, made.ABOUT, found, finished)  # type: ignore[arg-type]
    assert told["score"] == score
    assert told["output"].startswith("NOT ")


def test_time_that_is_over_before_anything_was_judged_is_ours(tmp_path: Path) -> None:
    assert stopped(None, tmp_path / "progress.json", 600, 600) == (None, "grader_error", frozenset())


def test_who_has_points_keeps_them_when_no_time_is_left_to_explain_them(made: ModuleType, tmp_path: Path) -> None:
    result = made.result(*made.everything())
    assert stopped(result, tmp_path / "progress.json", 0, 600) == (result, "graded", None)


def test_progress_is_read_back_as_it_was(made: ModuleType, tmp_path: Path) -> None:
    progress = half(made, "passed", "timeout")
    keep_progress(tmp_path / "progress.json", progress)
    assert kept_progress(tmp_path / "progress.json") == progress


@pytest.mark.parametrize(
    ("total", "told"), [("40.0", False), ("50", False), (40, False), ("20.0", True), (None, False), ("?", False)]
)
def test_staff_is_told_where_the_platform_has_too_few_points(total: Any, told: bool) -> None:
    assignment = load_course(REPOSITORY).assignment("hw0")
    metadata = Metadata.model_validate({"assignment": {"total_points": total}})
    assert (points_doubt(metadata, assignment) is not None) == told


@pytest.mark.parametrize("content", [None, "{", '{"homework": "hw0", "minutes": 60}', '{"homework": "hw0", "new": 1}'])
def test_settings_that_cannot_be_read_name_the_file_and_what_to_do(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / NAME).write_text(content)
    with pytest.raises(CourseError, match=rf"{NAME}: .*make gradescope"):
        read_settings(tmp_path)


def test_settings_are_read_back_as_they_were_written(tmp_path: Path) -> None:
    settings = Settings(homework="hw0", minutes=20, hidden_checks="after_published")
    (tmp_path / NAME).write_text(settings.model_dump_json())
    assert read_settings(tmp_path) == settings
