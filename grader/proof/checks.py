"""The checks of an assignment as their authors marked them, without judging anything."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Mapping

import pytest

from grader.course.assignment import Assignment
from grader.errors import CourseError
from grader.judge import engine
from grader.judge.calibrated import is_calibrated
from grader.judge.collecting import Collected
from grader.judge.problem import Check
from grader.judge.session import Judge


def checks_of(assignment: Assignment) -> Mapping[str, Check]:
    """Name -> mark of every check, public ones first. Raises `CourseError` when they cannot be collected."""
    return _collected(assignment).checks


def calibrated_checks(assignment: Assignment) -> Mapping[str, str]:
    """Name -> file ("checks/test_5_training.py") of every check that asks for calibrated bounds."""
    items = _collected(assignment).items
    return {item.name: f"checks/{item.path.name}" for item in items if is_calibrated(item)}


def _collected(assignment: Assignment) -> Collected:
    start = engine.inline(assignment)
    judge = Judge(
        assignment,
        engine.answers_of(assignment, start),
        engine.environment(0, "none: nothing is run"),
        0,
        start_host=start,
        reference=None,
        work=lambda judged: None,
    )
    folders = [str(assignment.folder / "checks"), str(assignment.solution / "checks")]
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        arguments = [*engine.ini_arguments(), *engine.QUIET, "--capture=no", "--collect-only", *folders]
        status = pytest.main(arguments, plugins=[engine.Enlists(judge)])
    if status != pytest.ExitCode.OK:
        why = "; ".join(judge.complaints) or said.getvalue()[-3000:].strip()
        raise CourseError(f"The checks of {assignment.name} cannot be collected. {why}")
    return judge.collected
