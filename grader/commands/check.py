"""`check`: the public checks on a student's own machine, with no solutions and no confinement."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from grader.atomic import write_atomically
from grader.commands.away import away
from grader.course.assignment import Assignment
from grader.intake import BESIDE, Submission, Wanted, read_submission
from grader.sandbox.limits import limits_of
from grader.sandbox.models import absence_of, model_folders
from grader.sandbox.spawned import SpawnedHost

if TYPE_CHECKING:
    from rich.console import Console

    from grader.judge.result import CheckResult


@dataclass(frozen=True)
class Practised:
    """What came of the public checks. `refusal` says why nothing could be checked."""

    checks: tuple[CheckResult, ...] = ()
    refusal: str = ""

    @property
    def good(self) -> bool:
        """Whether all passed."""
        return bool(self.checks) and all(check.verdict == "passed" for check in self.checks)


def practise(
    assignment: Assignment, where: Path, only: frozenset[str] = frozenset(), console: Console | None = None
) -> Practised:
    """Runs the public checks on the work in `where`, and prints each as it ends.

    Checks that need weights which are not here are left out, which is said: they neither passed nor failed.

    The work runs in a process of its own without confinement: it is the student's own code on their own machine.
    """
    submission = read_submission(where, Wanted.of(assignment))
    host = practice_host(assignment, submission)
    try:
        return _show(assignment, submission, host, only, console, where if where.is_dir() else where.parent)
    finally:
        host.close()


def practice_host(assignment: Assignment, submission: Submission) -> SpawnedHost:
    """A process for a student's own work, with limits for practice: a slow laptop is not at fault."""
    limits = limits_of(assignment)
    patient = replace(limits, import_cpu_s=3 * limits.import_cpu_s)
    return SpawnedHost(submission.modules, assignment.probes, patient, model_folders(assignment))


def _show(
    assignment: Assignment,
    submission: Submission,
    host: SpawnedHost,
    only: frozenset[str],
    console: Console | None,
    folder: Path,
) -> Practised:
    # Imported here, while the worker imports PyTorch: the first line that a student reads comes that much sooner.
    from grader.commands.public_checks import run_public_checks
    from grader.judge import engine
    from grader.report.columns import InColumns
    from grader.report.practice import Practice
    from grader.report.terminal import wide_console

    console = console or wide_console()
    console.file = console.file  # pinned to the terminal, while pytest's own output is put aside
    if submission.refusal is not None:
        console.print(f"{submission.source}: {submission.refusal}", style="magenta", markup=False, highlight=False)
        return Practised(refusal=submission.refusal)
    for note in submission.notes:  # which view was taken, cells that were left out
        if not (note.startswith(BESIDE) and submission.source == assignment.folder):
            console.print(f"note: {note}", style="yellow", markup=False, highlight=False)
    for warning in away(assignment, submission, folder):
        console.print(f"warning: {warning}", style="yellow", markup=False, highlight=False)
    titles = {problem.id: problem.title for problem in assignment.problems}
    practice = Practice(titles, heading=console.print, tell=lambda text: console.print(InColumns(text)))
    result, left_out = run_public_checks(
        assignment,
        submission,
        lambda modules: host,
        engine.recorded(assignment),
        confinement="none: practice mode",
        on_check=practice.add,
        only=only,
        absence=absence_of(assignment),
    )
    practice.end()
    if assignment.document:
        _show_readings(assignment, host, only, console)
    passed = sum(check.verdict == "passed" for check in result.checks)
    practised = Practised(result.checks, str(left_out) if left_out and not result.checks else "")
    good = practised.good
    style = "bold green" if good and not left_out else "bold"
    more = f", {len(left_out)} left out" if left_out else ""
    console.print(f"\n{passed} of {len(result.checks)} public checks pass{more}.", style=style, highlight=False)
    if left_out:
        console.print(str(left_out), style="yellow", markup=False, highlight=False)
    if good:
        ask = "whether it is right" if assignment.document else "the same of other inputs"
        console.print(f"The grade comes from hidden checks that ask {ask}.", highlight=False)
    return practised


def _show_readings(assignment: Assignment, host: SpawnedHost, only: frozenset[str], console: Console) -> None:
    from grader.judge.understood import understood
    from grader.report.readings import readings_page, readings_table

    found = understood(assignment, host, only)
    if not found:
        return
    console.print()
    console.print(readings_table(found))
    page = assignment.folder.parents[1] / "results" / "check" / f"{assignment.short}-answers.html"
    with contextlib.suppress(OSError):  # a folder that cannot be written costs the page alone
        write_atomically(page, readings_page(f"{assignment.short.upper()}: your answers", found).encode())
        console.print(f"The same with typeset formulas: {page}", highlight=False, soft_wrap=True)
