"""`check`: the public checks on a student's own machine, with no solutions and no confinement."""

from __future__ import annotations

import contextlib
import io
from pathlib import Path

import pytest
from rich.console import Console

from grader.course.assignment import Assignment
from grader.errors import CourseError
from grader.intake import read_submission
from grader.judge import engine
from grader.judge.plugin import JUDGE
from grader.judge.result import CheckResult, Result
from grader.judge.session import Judge
from grader.report.terminal import check_text, wide_console
from grader.sandbox.replies import Host


def practise(
    assignment: Assignment, where: Path, only: frozenset[str] = frozenset(), console: Console | None = None
) -> bool:
    """Runs the public checks on the work in `where`, prints each as it ends, and says whether all passed.

    The work runs in a process of its own without confinement: it is the student's own code on their own machine.
    """
    console = console or wide_console()
    submission = read_submission(where, assignment.modules)
    if submission.problem is not None:
        console.print(f"{where}: {submission.problem}", style="magenta", markup=False, highlight=False)
        return False
    start = engine.spawned(assignment)
    host: Host = start(submission.modules)  # starts at once: torch is imported there while pytest collects here
    results: list[Result] = []
    seen: list[str] = []

    def report(check: CheckResult) -> None:
        if check.problem not in seen:
            seen.append(check.problem)
            title = next(problem.title for problem in assignment.problems if problem.id == check.problem)
            console.print(f"\nProblem {check.problem}, {title}", style="bold", markup=False, highlight=False)
        console.print(check_text(check, staff=False))

    judge = Judge(
        assignment,
        engine.recorded(assignment),
        engine.environment(0, "none: practice mode"),
        start_host=lambda modules: host,
        reference=None,
        submissions=iter([submission]),
        deliver=results.append,
        on_check=report,
        only=only,
        demand_points=False,
    )
    said = io.StringIO()
    console.file = console.file  # the console keeps the terminal while pytest's own output is put aside
    try:
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            arguments = [*engine.QUIET, "--capture=no", str(assignment.folder / "checks")]
            pytest.main([*engine.ini_arguments(), *arguments], plugins=[engine.Named(judge, JUDGE)])
    finally:
        host.close()
    if not results:
        why = "; ".join(judge.complaints) or said.getvalue()[-3000:].strip()
        raise CourseError(f"The public checks of {assignment.name} cannot be run. {why}")
    return _conclude(results[0], console)


def practise_in_debugger(assignment: Assignment, where: Path) -> int:
    """The same in one process, under pytest, which stops in the debugger where a check fails. Returns its status."""
    arguments = ["--engine", "inline", "--pdb", "--submission", str(where), str(assignment.folder / "checks")]
    return int(pytest.main([*engine.ini_arguments(), *arguments]))


def _conclude(result: Result, console: Console) -> bool:
    passed = sum(check.verdict == "passed" for check in result.checks)
    good = passed == len(result.checks)
    console.print(
        f"\n{passed} of {len(result.checks)} public checks pass.",
        style="bold green" if good else "bold",
        highlight=False,
    )
    if good:
        console.print("The grade comes from hidden checks that ask the same of other inputs.", highlight=False)
    return good
