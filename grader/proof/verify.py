"""The proofs of one assignment, from the results of grading its specimens."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from grader.batch.class_run import Job
from grader.course.points import decimal
from grader.judge.result import Result
from grader.proof.specimens import Specimen


@dataclass(frozen=True)
class Proof:
    """One statement about one specimen, and whether it held."""

    statement: str
    specimen: str
    held: bool
    why_not: str = ""


@dataclass(frozen=True)
class Trial:
    """One grading of one specimen."""

    specimen: Specimen
    seed: int
    repeat: int = 0

    @property
    def name(self) -> str:
        return f"{self.specimen.name}@{self.seed}" + (f"+{self.repeat}" if self.repeat else "")

    def job(self) -> Job:
        return Job(self.name, modules=self.specimen.modules, seed=self.seed)


def trials(specimens: Iterable[Specimen], seeds: Sequence[int]) -> list[Trial]:
    """What to grade: right solutions on every seed, wrong ones on the first, and the first of each kind twice."""
    planned = []
    for specimen in specimens:
        right = specimen.kind in ("reference", "alternative")
        planned += [Trial(specimen, seed) for seed in (seeds if right else seeds[:1])]
    again = {trial.specimen.kind: trial for trial in reversed(planned) if trial.seed == seeds[0]}
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


def _not_caught(specimen: Specimen, result: Result) -> list[str]:
    faults = []
    own = [check for check in result.checks if check.problem == specimen.problem and check.max_points > 0]
    if all(check.verdict == "passed" for check in own):
        faults.append(f"not caught by any check of problem {specimen.problem}")
    for check in result.checks:
        if check.verdict == "grader_error":
            faults.append(f"{check.id}: {check.detail[-300:]}")
        elif check.problem != specimen.problem and check.verdict not in ("passed", "blocked"):
            faults.append(f"{check.id} of problem {check.problem} is {check.verdict} too")
    return faults


def _differences(first: Result, second: Result) -> list[str]:
    pairs = zip(first.checks, second.checks, strict=True)
    return [
        f"{a.id}: {a.verdict}, then {b.verdict}" for a, b in pairs if (a.verdict, a.points) != (b.verdict, b.points)
    ]


@dataclass(frozen=True)
class KillMatrix:
    """Which check catches which mutant: `kills[mutant]` holds the checks that did not pass, blocked ones left out."""

    checks: tuple[str, ...]
    kills: dict[str, tuple[str, ...]]

    @property
    def idle(self) -> tuple[str, ...]:
        """Checks that catch nothing."""
        return tuple(check for check in self.checks if not any(check in by for by in self.kills.values()))


def kill_matrix(results: Iterable[tuple[Trial, Result]]) -> KillMatrix:
    """The matrix of the mutants among `results`."""
    mutants = [(trial, result) for trial, result in results if trial.specimen.kind == "mutant" and not trial.repeat]
    worth = tuple(check.id for check in mutants[0][1].checks if check.max_points > 0) if mutants else ()
    kills = {
        trial.specimen.name: tuple(
            c.id for c in result.checks if c.id in worth and c.verdict not in ("passed", "blocked")
        )
        for trial, result in mutants
    }
    return KillMatrix(worth, kills)
