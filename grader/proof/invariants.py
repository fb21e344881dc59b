"""What must hold whatever mistake somebody made: it costs its own problem alone, and adding one never helps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from grader.course.points import decimal
from grader.judge.result import Result
from grader.judge.specimen import Specimen
from grader.proof.survivors import Outcome
from grader.proof.verify import Proof, elsewhere

MOST_MEAN, MOST_WORST = Fraction(1, 20), Fraction(1)  # points of 40 that a change made by rule loses elsewhere

RESTYLED_ALONE = "a mistake in another style is caught, on its own problem and nowhere else"
PAIR_ALONE = "two mistakes cost points in their own problems and nowhere else"
NEVER_HELPS = "a mistake that is added never raises the total"
GENERIC_ALONE = f"generic mutants lose at most {decimal(MOST_MEAN)} points elsewhere in the mean, and {MOST_WORST} each"


def prove_restyled(graded: Iterable[tuple[Specimen, Result]]) -> list[Proof]:
    """A mistake is caught, and costs what it costs, however it is written."""
    proofs = []
    for specimen, result in graded:
        faults = elsewhere(result, {specimen.problem})
        if all(check.points == check.max_points for check in result.checks if check.problem == specimen.problem):
            faults.append(f"full marks in problem {specimen.problem}")
        proofs.append(Proof(RESTYLED_ALONE, specimen.name, not faults, "; ".join(faults)))
    return proofs


def prove_pairs(
    graded: Iterable[tuple[Specimen, Result]], problem_of: Mapping[str, str], alone: Mapping[str, Fraction]
) -> list[Proof]:
    """Two mistakes together. `problem_of` each mutant, and what each has `alone`, are by name."""
    proofs = []
    for pair, result in graded:
        faults = elsewhere(result, {problem_of[name] for name in pair.mutants})
        proofs.append(Proof(PAIR_ALONE, pair.name, not faults, "; ".join(faults)))
        helped = [
            f"{decimal(result.points)} points, {name} alone {decimal(alone[name])}"
            for name in pair.mutants
            if result.points > alone[name]
        ]
        proofs.append(Proof(NEVER_HELPS, pair.name, not helped, "; ".join(helped)))
    return proofs


def prove_unknown(fared: Sequence[Outcome]) -> list[Proof]:
    """Changes that nobody listed, which are the nearest thing to mistakes that nobody wrote down."""
    counted = [(outcome.elsewhere, outcome.mutant.name) for outcome in fared if outcome.elsewhere is not None]
    if not counted:
        return []
    mean = sum((lost for lost, _ in counted), Fraction(0)) / len(counted)
    worst, name = max(counted)
    said = f"mean {float(mean):.3f}, worst {decimal(worst)} ({name})"
    held = mean <= MOST_MEAN and worst <= MOST_WORST
    return [Proof(GENERIC_ALONE, f"{len(counted)} generic mutants", held, said)]
