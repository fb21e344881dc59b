"""`verify`: prove that an assignment's checks are sound."""

from __future__ import annotations

import resource
import time
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from grader.batch.class_run import Job, grade
from grader.commands.build import stale
from grader.course.assignment import Assignment, Course
from grader.errors import CourseError
from grader.judge.answers import write_atomically
from grader.judge.result import Result
from grader.proof.calibrated import fresh, prove_calibration
from grader.proof.checks import calibrated_checks, checks_of
from grader.proof.equivalent import explained
from grader.proof.generic import generic_mutants
from grader.proof.matrix import kill_matrix
from grader.proof.rates import prove_rates, prove_total, rates
from grader.proof.recognition import Recognition, prove_recognition, recognition
from grader.proof.specimens import mistakes, pairs, restyled, specimens
from grader.proof.survivors import hurried, outcomes, prove_generic
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
) -> bool:
    """Grades every known solution and every generic mutant, prints what that proves, and says whether all held.

    The reference is graded on 20 seeds, every alternative on `seeds` of them (on more than 20, all of them on all).
    The same goes to `json_path`, without one to `results/verify/<homework>.json`.
    """
    console = console or wide_console()
    account = examined(course, assignment, seeds, lanes, console)
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
    took = ", ".join(f"{what} {seconds:.0f} s" for what, seconds in account.seconds.items())
    console.print(f"{assignment.name}: {took}; all of this is in {path}", highlight=False, soft_wrap=True)
    return account.sound


def examined(course: Course, assignment: Assignment, seeds: int, lanes: int | None, console: Console) -> Account:
    """All proofs of one homework."""
    began, began_cpu = time.perf_counter(), _cpu_seconds()
    known, entries = specimens(assignment), explained(assignment)
    planned = trials(known, course.grading_seed, seeds)
    mutants = generic_mutants(assignment)
    console.print(
        f"{assignment.name}: {len(known)} known solutions, {len(planned)} gradings; {len(mutants)} generic mutants",
        highlight=False,
    )
    results = _graded([trial.job() for trial in planned], assignment, course.grading_seed, lanes)
    graded = [(trial, results[trial.name]) for trial in planned]
    right = [(trial.name, result) for trial, result in graded if trial.right]
    rights = [result for _, result in right]
    half, half_cpu = time.perf_counter(), _cpu_seconds()

    reference = assignment.sources(assignment.solution)
    jobs = [Job(mutant.name, modules=mutant.specimen(reference).modules) for mutant in mutants]
    fared = outcomes(
        mutants, _graded(jobs, hurried(assignment, rights), course.grading_seed, lanes) if jobs else {}, entries
    )
    checks = checks_of(assignment)
    measured = rates(right, checks)
    matrix = kill_matrix([(trial.specimen, result) for trial, result in graded if not trial.repeat])
    wrong = [specimen for specimen in known if specimen.kind == "mutant"]
    seen, known_right = _recognised(assignment, course.grading_seed, lanes)
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
            *prove_generic(fared, entries),
            *prove_rates(measured),
            prove_total(assignment.name, rights),
            *prove_recognition(seen, known_right),
            *prove_calibration(assignment, calibrated_checks(assignment), wrong, matrix),
            *generated_is_current(assignment),
        ],
        {
            "known solutions": half - began,
            "generic mutants": time.perf_counter() - half,
            "CPU of known solutions": half_cpu - began_cpu,
            "CPU of generic mutants": _cpu_seconds() - half_cpu,
        },
    )


def _recognised(
    assignment: Assignment, seed: int, lanes: int | None
) -> tuple[list[Recognition], list[tuple[str, Result]]]:
    """What is named in known mistakes in other styles and in pairs of them, and the results of right solutions."""
    measured = {f"{each.kind}:{each.name}": each for each in (*restyled(assignment), *pairs(assignment))}
    right = {each.name: each for each in specimens(assignment) if each.kind in ("reference", "alternative")}
    known = mistakes(assignment)
    jobs = [Job(name, modules=each.modules) for name, each in {**measured, **right}.items()]
    results = {job.name: result for job, result in grade(jobs, assignment, seed, lane_count=lanes, mistakes=known)}
    problem_of = {each.name: each.problem for each in known}
    return (
        [recognition(each, results[name], problem_of) for name, each in measured.items()],
        [(name, results[name]) for name in right],
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
