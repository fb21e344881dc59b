"""The reference's answers to the public checks, as they ship to students."""

from __future__ import annotations

from pathlib import Path

from grader.commands.public_checks import run_public_checks
from grader.course.assignment import Assignment
from grader.errors import CourseError
from grader.intake import Submission
from grader.judge import engine
from grader.judge.answers import RECORDED, Recorder, write_atomically


def record_answers(assignment: Assignment) -> Path:
    """Writes the reference's answers to the public checks to `answers.json`. Raises `CourseError` if one fails."""
    path = assignment.folder / RECORDED
    write_atomically(path, recorded(assignment).encode())
    return path


def recorded_is_current(assignment: Assignment) -> bool:
    """Whether `answers.json` is what recording would write now."""
    try:
        return (assignment.folder / RECORDED).read_text(encoding="utf-8") == recorded(assignment)
    except OSError:
        return False


def recorded(assignment: Assignment) -> str:
    """What belongs into `answers.json`. Raises `CourseError` if the reference fails a public check."""
    reference = assignment.sources(assignment.solution)
    start = engine.inline(assignment)
    recorder = Recorder(engine.answers_of(assignment, start), assignment.probes)
    submission = Submission.accepted("reference", assignment.solution, reference, ())
    result = run_public_checks(assignment, submission, start, recorder, confinement="none: our own reference")
    if bad := [check for check in result.checks if check.verdict != "passed"]:
        why = "; ".join(f"{check.id}: {check.summary} {check.detail}" for check in bad)
        raise CourseError(f"The reference does not pass the public checks of {assignment.name}: {why}")
    return recorder.text()
