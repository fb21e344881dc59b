"""`verify`: prove that an assignment's checks are sound."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from rich.console import Console

from grader.atomic import write_atomically
from grader.commands.build import stale
from grader.course.assignment import Assignment, Course, digest_of
from grader.errors import CourseError
from grader.judge.specimen import Specimen
from grader.proof.calibrated import fresh, prove_calibration
from grader.proof.checks import calibrated_checks, checks_of
from grader.proof.deciding import place
from grader.proof.generic import generic_mutants
from grader.proof.idle import idle
from grader.proof.kept import NAME, Lot, kept, record_of
from grader.proof.known_outcomes import NAME as KNOWN
from grader.proof.known_outcomes import Known
from grader.proof.known_solutions import KnownSolutions
from grader.proof.plan import Plan, plan
from grader.proof.sample import lot_of
from grader.proof.slow import SlowProofs
from grader.proof.specimens import specimens, undone
from grader.proof.survivors import hurried
from grader.proof.verify import Proof, trials
from grader.report.proof_file import Account
from grader.report.proofs import checks_table, fresh_table, generic_line, matrix_tables, proofs_table
from grader.report.terminal import wide_console
from grader.sandbox.forked import Sandbox

CURRENT = "generated files are what the reference makes them"
Keep = Literal["nothing", "known", "all"]


def verify_assignment(
    course: Course,
    assignment: Assignment,
    seeds: int = 3,
    lanes: int | None = None,
    json_path: Path | None = None,
    console: Console | None = None,
    keep: Keep = "nothing",
    *,
    sandbox: Sandbox,
) -> bool:
    """Grades known solutions, prints what that proves, and says whether all held.

    The reference is graded on 20 seeds, every alternative on `seeds` of them (on more than 20, all of them on all).
    Where known.json tells what came of that, and nothing changed that decides a grade, a sample is graded; so is a
    sample of the generic mutants and mistakes in other styles in a homework that keeps a record of these. With `keep`
    all known solutions are graded ("known"), or those others too ("all"), and if all holds the records are written
    anew. `sandbox` is one that runs. Everything that is printed goes to `json_path` too, without one to
    `results/verify/<homework>.json`.
    """
    console = console or wide_console()
    account, record = examined(course, assignment, seeds, lanes, console, sandbox, keep=keep)
    console.print(matrix_tables(account.matrix, account.checks))
    console.print(checks_table(account.checks, account.matrix, account.rates, account.generic))
    console.print(generic_line(account.generic), highlight=False)
    if account.fresh:
        console.print(fresh_table(account.fresh))
    console.print(proofs_table(account.proofs))
    path = json_path or course.folder / "results" / "verify" / f"{assignment.name}.json"
    try:
        write_atomically(path, account.json().encode())
    except OSError as error:
        raise CourseError(f"{path}: cannot be written ({error.strerror}). Name another file with --json.") from None
    if keep != "nothing":
        _keep(assignment, account, record, keep, console)
    took = ", ".join(f"{what} {seconds:.0f} s" for what, seconds in account.seconds.items())
    console.print(f"{assignment.name}: {took}; all of this is in {path}", highlight=False, soft_wrap=True)
    return account.sound


def _keep(assignment: Assignment, account: Account, known: Known, keep: Keep, console: Console) -> None:
    """Writes the records, if all held. known.json comes last: it holds the digest of proofs.json."""
    if not account.sound:
        console.print("The kept records are left as they were: only what holds is kept.", highlight=False)
        return
    if keep == "all":
        proofs = assignment.solution / NAME
        record = record_of(assignment, account.generic, account.recognition)
        _write(proofs, record.model_dump_json(indent=1, exclude_none=True) + "\n", console)
        depends = {**known.depends, place(assignment, proofs): digest_of(proofs)}
        known = known.model_copy(update={"depends": depends})
    _write(assignment.solution / KNOWN, known.text(), console)


def _write(path: Path, text: str, console: Console) -> None:
    write_atomically(path, text.encode())
    console.print(f"wrote {path}", highlight=False, soft_wrap=True)


def examined(
    course: Course,
    assignment: Assignment,
    seeds: int,
    lanes: int | None,
    console: Console,
    sandbox: Sandbox,
    *,
    keep: Keep = "nothing",
) -> tuple[Account, Known]:
    """All proofs of one homework, and what came of every known solution, to be kept."""
    began = time.perf_counter()
    known = [*specimens(assignment), *undone(assignment), *idle(assignment)]
    every = trials(known, course.grading_seed, seeds)
    planned = plan(assignment, every, lot_of(course.folder), whole=keep != "nothing")
    mutants = generic_mutants(assignment)
    record = None if keep == "all" else kept(assignment)
    _announce(assignment, known, planned, len(mutants), record is not None, console)
    solutions = KnownSolutions.graded(assignment, planned, course.grading_seed, sandbox, lanes)
    half = time.perf_counter()

    in_haste = hurried(assignment, solutions.right)
    slow = SlowProofs(assignment, course.grading_seed, lanes, in_haste, mutants, sandbox, solutions.alone)
    if record is None:
        fared, seen, proofs = slow.all_anew()
    else:
        fared, seen, proofs = slow.sampled(record, Lot(planned.lot, few=planned.known is not None))
    checks, matrix = checks_of(assignment), solutions.matrix
    wrong = [specimen for specimen in known if specimen.kind == "mutant"]
    account = Account(
        assignment.name,
        str(planned),
        checks,
        matrix,
        solutions.rates(checks),
        fared,
        seen,
        fresh(solutions.right),
        [
            *solutions.proofs(checks),
            *proofs,
            *prove_calibration(assignment, calibrated_checks(assignment), wrong, matrix),
            *generated_is_current(assignment),
        ],
        {
            "known solutions": half - began,
            "generic mutants and other styles": time.perf_counter() - half,
        },
    )
    return account, solutions.record()


def _announce(
    assignment: Assignment, known: Sequence[Specimen], planned: Plan, mutants: int, told: bool, console: Console
) -> None:
    console.print(
        f"{assignment.name}: {len(known)} known solutions: {planned}; {mutants} generic mutants"
        + (f", of which {NAME} tells" if told else ""),
        highlight=False,
        soft_wrap=True,
    )


def generated_is_current(assignment: Assignment) -> list[Proof]:
    """Every generated file is what building would write now."""
    try:
        old = {str(path): why for path, why in stale(assignment).items()}
    except CourseError as error:
        old = {"it cannot be built": str(error)}
    return [Proof(CURRENT, file, False, why) for file, why in old.items()] or [Proof(CURRENT, "all of them", True)]
