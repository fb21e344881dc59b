"""Mistakes cost their own problem alone, and adding one never helps: what is found where that does not hold."""

from fractions import Fraction
from typing import Any

import pytest

from grader.judge.result import CheckResult, Result, total
from grader.judge.specimen import Specimen
from grader.proof.generic import GenericMutant
from grader.proof.invariants import (
    GENERIC_ALONE,
    NEVER_HELPS,
    PAIR_ALONE,
    RESTYLED_ALONE,
    prove_pairs,
    prove_restyled,
    prove_unknown,
)
from grader.proof.survivors import Outcome


def result(**verdicts: str) -> Result:
    """A result with a check of one point for each problem: `p1="failed"`."""
    checks = tuple(
        CheckResult(
            id=f"test_{problem}",
            problem=problem[1:],
            asked="?",
            visibility="hidden",
            verdict=verdict,  # type: ignore[arg-type]
            points=int(verdict == "passed"),
            max_points=1,
        )
        for problem, verdict in verdicts.items()
    )
    return Result.model_construct(checks=checks, points=total(checks))


@pytest.mark.parametrize(
    ("verdicts", "held"),
    [
        ({"p1": "failed", "p2": "passed"}, True),
        ({"p1": "failed", "p2": "blocked"}, False),
        ({"p1": "passed", "p2": "passed"}, False),
    ],
)
def test_a_restyled_mistake_costs_its_own_problem(verdicts: dict[str, str], held: bool) -> None:
    (proof,) = prove_restyled([(Specimen("a", "restyled", {}, "1"), result(**verdicts))])
    assert (proof.statement, proof.held) == (RESTYLED_ALONE, held)


@pytest.mark.parametrize(
    ("verdicts", "alone", "helps", "spreads"),
    [
        ({"p1": "failed", "p2": "failed", "p3": "passed"}, {"a": 2, "b": 2}, False, False),
        ({"p1": "passed", "p2": "failed", "p3": "passed"}, {"a": 1, "b": 2}, True, False),
        ({"p1": "failed", "p2": "failed", "p3": "timeout"}, {"a": 2, "b": 2}, False, True),
    ],
)
def test_a_second_mistake(verdicts: dict[str, str], alone: dict[str, int], helps: bool, spreads: bool) -> None:
    pair = Specimen("a+b", "pair", {}, mutants=("a", "b"))
    points = {name: Fraction(each) for name, each in alone.items()}
    proofs = prove_pairs([(pair, result(**verdicts))], {"a": "1", "b": "2"}, points)
    assert {proof.statement: proof.held for proof in proofs} == {PAIR_ALONE: not spreads, NEVER_HELPS: not helps}


@pytest.mark.parametrize(
    ("lost", "held"),
    [
        ([0, 0], True),
        ([0, None], True),
        ([None], None),
        ([1, *[0] * 19], True),
        ([Fraction(5, 4), *[0] * 99], False),
        ([1, *[0] * 18], False),
        ([], None),
    ],
)
def test_changes_made_by_rule_may_lose_next_to_nothing_elsewhere(lost: list[Any], held: bool | None) -> None:
    mutant = GenericMutant(1, "tiny", 17, "mean", "Eq_Lt", "if n == 0:", "if n <= 0:", "", frozenset("1"))
    proofs = prove_unknown(
        [Outcome(mutant, (), False, 0.1, "", "", each if each is None else Fraction(each)) for each in lost]
    )
    assert [(proof.statement, proof.held) for proof in proofs] == ([] if held is None else [(GENERIC_ALONE, held)])
