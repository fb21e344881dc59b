"""The doctor finds everything stopped where it should be, and says so where it is not."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.sandbox.doctor import examine

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="confinement needs Linux")


def test_the_best_confinement_stops_every_attempt(tmp_path: Path) -> None:
    (tmp_path / "reference.py").write_text("answer = 42\n")
    found = examine("best", [tmp_path])
    assert [attempt for attempt in found.attempts if not attempt.stopped] == []
    assert found.holds
    assert found.strong
    assert any(str(tmp_path) in attempt.what for attempt in found.attempts)


@pytest.fixture
def temporary(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder for temporary files that no other process uses; its path is short enough for a Unix socket in it."""
    with tempfile.TemporaryDirectory(prefix="doctor-") as folder:
        monkeypatch.setattr(tempfile, "tempdir", folder)
        yield Path(folder)


def test_without_confinement_the_doctor_sees_that_attempts_succeed(tmp_path: Path, temporary: Path) -> None:
    found = examine("bare", [tmp_path])
    assert not found.holds
    assert not found.strong
    open_doors = {attempt.what for attempt in found.attempts if attempt.stopped is False}
    assert {
        "read a file of the judge",
        f"list {tmp_path}",
        "start a process",
        "run a program",
        "signal the judge",
    } <= open_doors
    assert "compute longer than it may" not in open_doors  # limits of time hold everywhere
    assert found.layers == ("rlimits",)
    # It tidies up after itself.
    assert not [name for name in os.environ if name.startswith("GRADER_CANARY")]
    assert list(temporary.iterdir()) == []
