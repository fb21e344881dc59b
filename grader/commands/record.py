"""`record`: the reference's answers to the public checks, as they ship to students."""

from __future__ import annotations

import contextlib
import io
from pathlib import Path

import pytest

from grader.course.assignment import Assignment
from grader.errors import CourseError
from grader.intake import Submission
from grader.judge import engine
from grader.judge.answers import RECORDED, Recorder, write_atomically
from grader.judge.plugin import JUDGE
from grader.judge.result import Result
from grader.judge.session import Judge


def record_answers(assignment: Assignment) -> Path:
    """Writes the reference's answers to the public checks to `answers.json`. Raises `CourseError` if one fails."""
    path = assignment.folder / RECORDED
    write_atomically(path, _recorded(assignment).encode())
    return path


def recorded_is_current(assignment: Assignment) -> bool:
    """Whether `answers.json` is what recording would write now."""
    try:
        return (assignment.folder / RECORDED).read_text(encoding="utf-8") == _recorded(assignment)
    except OSError:
        return False


def _recorded(assignment: Assignment) -> str:
    reference = assignment.sources(assignment.solution)
    start = engine.inline(assignment)
    recorder = Recorder(engine.answers_of(assignment, start), assignment.probes)
    results: list[Result] = []
    judge = Judge(
        assignment,
        recorder,
        engine.environment(0, "none: our own reference"),
        start_host=start,
        reference=None,
        submissions=iter([Submission.accepted("reference", assignment.solution, reference, ())]),
        deliver=results.append,
        demand_points=False,
    )
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        pytest.main(
            [*engine.ini_arguments(), *engine.QUIET, "--capture=no", str(assignment.folder / "checks")],
            plugins=[engine.Named(judge, JUDGE)],
        )
    bad = [check for result in results for check in result.checks if check.verdict != "passed"]
    if not results or bad:
        why = "; ".join(f"{check.id}: {check.summary} {check.detail}" for check in bad)
        why = why or "; ".join(judge.complaints) or said.getvalue()[-3000:].strip()
        raise CourseError(f"The reference does not pass the public checks of {assignment.name}: {why}")
    return recorder.text()
