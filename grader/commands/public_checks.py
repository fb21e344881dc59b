"""One pytest session with an assignment's public checks: what `check` shows and `record` records."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable, Mapping

import pytest

from grader.course.assignment import Assignment
from grader.errors import CourseError
from grader.intake import Submission
from grader.judge import engine
from grader.judge.answers import Answers
from grader.judge.brief import Brief
from grader.judge.left_out import LeftOut
from grader.judge.result import CheckResult, Result
from grader.judge.session import Judge
from grader.sandbox.replies import NOTHING_GIVEN, Host


def run_public_checks(
    assignment: Assignment,
    submission: Submission,
    start: Callable[[Mapping[str, str]], Host],
    answers: Answers,
    *,
    confinement: str,
    on_check: Callable[[CheckResult], None] = lambda check: None,
    only: frozenset[str] = frozenset(),
    absence: Callable[[str], str] = lambda name: "",
) -> tuple[Result, LeftOut]:
    """Puts the public checks to one submission. Raises `CourseError` when the checks themselves cannot be run.

    Those that need weights for which `absence` has a reason are left out, and told beside the result.
    """
    results: list[Result] = []
    judge = Judge(
        assignment,
        answers,
        engine.environment(0, confinement),
        0,
        start_host=lambda modules, given=NOTHING_GIVEN: start(modules),  # nothing is ever given here
        reference=None,
        work=lambda judged: results.append(judged(Brief(submission)).result),
        on_check=on_check,
        only=only,
        demand_points=False,
        absence=absence,
    )
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        arguments = [*engine.ini_arguments(), *engine.QUIET, "--capture=no", str(assignment.folder / "checks")]
        pytest.main(arguments, plugins=[engine.Enlists(judge)])
    if not results:
        why = "; ".join(judge.complaints) or said.getvalue()[-3000:].strip()
        raise CourseError(f"The public checks of {assignment.name} cannot be run. {why}")
    return results[0], judge.collected.left_out


def stop_in_debugger(assignment: Assignment, where: str) -> int:
    """The public checks in one process, under a pytest that stops where one fails. Returns its status."""
    arguments = [
        "-q",
        "--no-header",
        "--engine",
        "inline",
        "--pdb",
        "--leave-out",
        "--submission",
        where,
        str(assignment.folder / "checks"),
    ]
    return int(pytest.main([*engine.ini_arguments(), *arguments]))
