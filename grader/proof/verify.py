"""The proofs of one assignment, from the results of grading its specimens."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import count, islice

from grader.batch.class_run import Job
from grader.course.points import decimal
from grader.course.secret import Secret
from grader.judge.result import Result
from grader.judge.specimen import Specimen

REFERENCE_SEEDS = 20
COURSES_OWN = "course"  # in the names of gradings, for the seed of grading.toml
IDLE = "work that computes nothing passes no check that gives points"
LEFT_OUT = "a problem that was left out costs its own points and no others"


@dataclass(frozen=True)
class Proof:
    """One statement about one specimen (or check, or file), and whether it held."""

    statement: str
    specimen: str
    held: bool
    why_not: str = ""


@dataclass(frozen=True)
class Trial:
    """One grading of one specimen."""

    specimen: Specimen
    seed: Secret
    repeat: int = 0

    @property
    def name(self) -> str:
        seed = COURSES_OWN if isinstance(self.seed, str) else self.seed  # reports travel
        return f"{self.specimen.name}@{seed}" + (f"+{self.repeat}" if self.repeat else "")

    @property
    def right(self) -> bool:
        """Whether full marks are the right grade, and this is not a repetition."""
        return self.specimen.kind in ("reference", "alternative") and not self.repeat

    def job(self) -> Job:
        return Job(self.name, modules=self.specimen.modules, seed=self.seed)


def trials(specimens: Iterable[Specimen], first_seed: Secret, seeds: int) -> list[Trial]:
    """What to grade: the reference on 20 seeds or more, each alternative on `seeds` of these, wrong ones on the first.

    After a secret come the seeds 0, 1, 2 and so on, after a number those that follow it.
    Each alternative begins where the one before it ended, so that together they meet every seed. The first of each
    kind is graded twice.
    """
    following = count(first_seed + 1) if isinstance(first_seed, int) else count()
    everywhere = [first_seed, *islice(following, max(REFERENCE_SEEDS, seeds) - 1)]
    planned: list[Trial] = []
    begin = 0
    for specimen in specimens:
        if specimen.kind == "reference":
            planned += [Trial(specimen, seed) for seed in everywhere]
        elif specimen.kind == "alternative":
            planned += [Trial(specimen, everywhere[(begin + i) % len(everywhere)]) for i in range(seeds)]
            begin += seeds
        else:
            planned.append(Trial(specimen, first_seed))
    again = {trial.specimen.kind: trial for trial in reversed(planned)}  # the first of each kind stays
    return planned + [Trial(trial.specimen, trial.seed, 1) for trial in again.values()]


def prove(results: Sequence[tuple[Trial, Result]]) -> list[Proof]:
    """Every statement that must hold, with what broke it where it does not."""
    by_name = {trial.name: result for trial, result in results}
    proofs = []
    for trial, result in results:
        kind = trial.specimen.kind
        if trial.repeat:
            first = by_name[Trial(trial.specimen, trial.seed).name]
            proofs.append(_proof("graded twice, the same grade", trial, _differences(first, result)))
        elif kind == "stub":
            proofs.append(_proof("the stub earns 0 and every check is `missing`", trial, _not_missing(result)))
        elif kind == "mutant":
            proofs.append(
                _proof("caught, on its own problem and nowhere else", trial, _not_caught(trial.specimen, result))
            )
        elif kind == "undone":
            proofs.append(_proof(LEFT_OUT, trial, _not_left_out(trial.specimen, result)))
        elif kind == "idle":
            proofs.append(_proof(IDLE, trial, _gifts(result)))
        else:
            proofs.append(_proof("full marks", trial, _not_full(result)))
    return proofs


def _proof(statement: str, trial: Trial, faults: list[str]) -> Proof:
    return Proof(statement, trial.name, not faults, "; ".join(faults))


def _not_full(result: Result) -> list[str]:
    faults = [
        f"{check.id} {check.verdict}: {check.summary} {check.detail[-300:]}"
        for check in result.checks
        if check.verdict != "passed"
    ]
    if not faults and result.points != result.max_points:
        faults = [f"{decimal(result.points)} of {decimal(result.max_points)} points"]
    return faults


def _not_missing(result: Result) -> list[str]:
    faults = [
        f"{check.id} is {check.verdict}" for check in result.checks if check.verdict not in ("missing", "blocked")
    ]
    if any(check.verdict == "blocked" for check in result.checks) and not any(
        c.verdict == "missing" for c in result.checks
    ):
        faults.append("nothing is missing")
    return faults + ([f"{decimal(result.points)} points"] if result.points else [])


def _gifts(result: Result) -> list[str]:
    passed = [check for check in result.checks if check.verdict == "passed" and check.points]  # credit is on purpose
    return [f"{check.id} gives {decimal(check.points)}" for check in passed]


def _not_caught(specimen: Specimen, result: Result) -> list[str]:
    faults = []
    own = [check for check in result.checks if check.problem == specimen.problem and check.max_points > 0]
    if all(check.verdict == "passed" for check in own):
        faults.append(f"not caught by any check of problem {specimen.problem}")
    for check in result.checks:
        if check.verdict == "grader_error":
            faults.append(f"{check.id}: {check.detail[-300:]}")
    return faults + elsewhere(result, {specimen.problem})


def _not_left_out(specimen: Specimen, result: Result) -> list[str]:
    own = [check for check in result.checks if check.problem == specimen.problem]
    return [f"{check.id} is {check.verdict}" for check in own if check.points] + elsewhere(result, {specimen.problem})


def elsewhere(result: Result, own: Collection[str]) -> list[str]:
    """What does not pass in other problems than those of a mistake."""
    others = [check for check in result.checks if check.problem not in own and check.verdict != "passed"]
    return [f"{check.id} of problem {check.problem} is {check.verdict} too" for check in others]


def _differences(first: Result, second: Result) -> list[str]:
    pairs = zip(first.checks, second.checks, strict=True)
    return [
        f"{a.id}: {a.verdict}, then {b.verdict}" for a, b in pairs if (a.verdict, a.points) != (b.verdict, b.points)
    ]
