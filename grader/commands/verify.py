"""`verify`: prove that an assignment's checks are sound."""

from __future__ import annotations

import resource
import time
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from grader.atomic import write_atomically
from grader.batch.class_run import Job, grade
from grader.commands.build import stale
from grader.course.assignment import Assignment, Course
from grader.errors import CourseError
from grader.judge.result import Result
from grader.proof.calibrated import fresh, prove_calibration
from grader.proof.checks import calibrated_checks, checks_of
from grader.proof.generic import generic_mutants
from grader.proof.kept import NAME, kept, record_of
from grader.proof.matrix import kill_matrix
from grader.proof.rates import prove_rates, prove_total, rates
from grader.proof.slow import SlowProofs
from grader.proof.specimens import specimens
from grader.proof.survivors import hurried
from grader.proof.verify import Proof, prove, trials
from grader.report.proof_file import Account
from grader.report.proofs import checks_table, fresh_table, generic_line, matrix_tables, proofs_table
from grader.report.terminal import wide_console

CURRENT = "generated files are what the reference makes them"


def verify_assignment(
    course: Course,
    assignment: Assignment,
    seeds: int = 3,
    lanes: int | None = None,
    json_path: Path | None = None,
    console: Console | None = None,
    keep: bool = False,
) -> bool:
    """Grades every known solution, prints what that proves, and says whether all held.

    The reference is graded on 20 seeds, every alternative on `seeds` of them (on more than 20, all of them on all).
    Generic mutants and mistakes in other styles are all graded in a homework that keeps no record of them, and with
    `keep`, which writes that record if all holds; otherwise a sample of the record is. Everything that is printed goes
    to `json_path` too, without one to `results/verify/<homework>.json`.
    """
    console = console or wide_console()
    account = examined(course, assignment, seeds, lanes, console, keep=keep)
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
    if keep and account.sound:
        record = record_of(assignment, account.generic, account.recognition)
        write_atomically(assignment.solution / NAME, (record.model_dump_json(indent=1) + "\n").encode())
        console.print(f"wrote {assignment.solution / NAME}", highlight=False, soft_wrap=True)
    elif keep:
        console.print(f"{NAME} is left as it was: only what holds is kept", highlight=False)
    took = ", ".join(f"{what} {seconds:.0f} s" for what, seconds in account.seconds.items())
    console.print(f"{assignment.name}: {took}; all of this is in {path}", highlight=False, soft_wrap=True)
    return account.sound


def examined(
    course: Course, assignment: Assignment, seeds: int, lanes: int | None, console: Console, *, keep: bool = False
) -> Account:
    """All proofs of one homework."""
    began, began_cpu = time.perf_counter(), _cpu_seconds()
    known = specimens(assignment)
    planned = trials(known, course.grading_seed, seeds)
    mutants = generic_mutants(assignment)
    record = None if keep else kept(assignment)
    console.print(
        f"{assignment.name}: {len(known)} known solutions, {len(planned)} gradings; {len(mutants)} generic mutants"
        + (f", of which {NAME} tells" if record else ""),
        highlight=False,
    )
    results = _graded([trial.job() for trial in planned], assignment, course.grading_seed, lanes)
    graded = [(trial, results[trial.name]) for trial in planned]
    right = [(trial.name, result) for trial, result in graded if trial.right]
    rights = [result for _, result in right]
    half, half_cpu = time.perf_counter(), _cpu_seconds()

    slow = SlowProofs(assignment, course.grading_seed, lanes, hurried(assignment, rights), mutants)
    fared, seen, proofs = slow.all_anew() if record is None else slow.sampled(record)
    checks = checks_of(assignment)
    measured = rates(right, checks)
    matrix = kill_matrix([(trial.specimen, result) for trial, result in graded if not trial.repeat])
    wrong = [specimen for specimen in known if specimen.kind == "mutant"]
    return Account(
        assignment.name,
        checks,
        matrix,
        measured,
        fared,
        seen,
        fresh(rights),
        [
            *prove(graded),
            *prove_rates(measured),
            prove_total(assignment.name, rights),
            *proofs,
            *prove_calibration(assignment, calibrated_checks(assignment), wrong, matrix),
            *generated_is_current(assignment),
        ],
        {
            "known solutions": half - began,
            "generic mutants and other styles": time.perf_counter() - half,
            "CPU of known solutions": half_cpu - began_cpu,
            "CPU of the others": _cpu_seconds() - half_cpu,
        },
    )


def generated_is_current(assignment: Assignment) -> list[Proof]:
    """Every generated file is what building would write now."""
    try:
        old = {str(path): why for path, why in stale(assignment).items()}
    except CourseError as error:
        old = {"it cannot be built": str(error)}
    return [Proof(CURRENT, file, False, why) for file, why in old.items()] or [Proof(CURRENT, "all of them", True)]


def _graded(jobs: Sequence[Job], assignment: Assignment, seed: int, lanes: int | None) -> dict[str, Result]:
    return {job.name: result for job, result in grade(jobs, assignment, seed, lane_count=lanes)}


def _cpu_seconds() -> float:
    """What this process and those that it has waited for have used so far."""
    each = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in each)
