"""Recognition: what is named in restyled mistakes and in pairs, and what counts as good."""

from fractions import Fraction
from typing import Any

import pytest

from grader.judge.result import CheckResult, Diagnosis, Environment, ProblemResult, Result
from grader.judge.specimen import Specimen
from grader.proof.recognition import (
    BOTH,
    NO_OTHER,
    NOT_IN_RIGHT,
    RECOGNISED,
    prove_costs,
    prove_recognition,
    recognition,
)


def result(*named: str) -> Result:
    """A result whose checks carry these diagnoses."""
    environment: Any = Environment.model_construct()
    checks = tuple(
        CheckResult(
            id=f"test_{i}",
            problem="1",
            asked="?",
            visibility="hidden",
            verdict="failed",
            points=0,
            max_points=1,
            diagnosis=Diagnosis(mutant=name, says="You did it.", hint="", shown="always"),
        )
        for i, name in enumerate(named)
    )
    return Result.model_construct(checks=checks, environment=environment)


def held(made: str, *named: str) -> dict[str, bool]:
    """What holds for one specimen: a restyled mistake, or with "+" a pair."""
    kind: Any = "pair" if "+" in made else "restyled"
    specimen = Specimen(made, kind, {}, mutants=tuple(made.split("+")) if "+" in made else ())
    proofs = prove_recognition([recognition(specimen, result(*named))], [])
    return {proof.statement: proof.held for proof in proofs}


@pytest.mark.parametrize(
    ("made", "named", "recognised", "no_other"),
    [
        ("a", ["a", "a"], True, True),
        ("a", ["a or b"], True, True),
        ("a", [], False, True),
        ("a", [""], False, True),  # only how the answer differs was told
        ("a", ["b"], False, False),
        ("a", ["a", "c"], True, False),
    ],
)
def test_a_restyled_mistake(made: str, named: list[str], recognised: bool, no_other: bool) -> None:
    assert held(made, *named) == {RECOGNISED: recognised, NO_OTHER: no_other}


@pytest.mark.parametrize(
    ("made", "named", "expected"),
    [
        ("a+b", ["a", "b"], {NO_OTHER: True, BOTH: True}),
        ("a+b", [], {NO_OTHER: True, BOTH: True}),
        ("a+b", ["a"], {NO_OTHER: True, BOTH: False}),
        ("a+b", ["a", "b", "c"], {NO_OTHER: False, BOTH: True}),
    ],
)
def test_a_pair(made: str, named: list[str], expected: dict[str, bool]) -> None:
    assert held(made, *named) == expected


def test_nine_of_ten_are_enough_and_a_right_solution_gets_nothing() -> None:
    for missed, good in ((1, True), (2, False)):
        found = [recognition(Specimen("a", "restyled", {}), result(*(["a"] if i >= missed else []))) for i in range(10)]
        (proof,) = [proof for proof in prove_recognition(found, []) if proof.statement == RECOGNISED]
        assert proof.held is good
        assert f"{10 - missed} of 10" in proof.why_not
    proofs = prove_recognition([], [("reference", result()), ("alternative", result("a"))])
    assert [(proof.statement, proof.held) for proof in proofs] == [(NOT_IN_RIGHT, True), (NOT_IN_RIGHT, False)]


def test_a_mistake_that_costs_nothing_beside_another_is_told() -> None:
    pair = Specimen("summed+sorted", "pair", {}, mutants=("summed", "sorted"))
    for points, held in ((Fraction(1), True), (Fraction(2), False)):
        problems = tuple(
            ProblemResult(id=id, title="", kind="code", points=p, max_points=2) for id, p in (("1", 0), ("2", points))
        )
        graded = Result.model_construct(problems=problems)
        (proof,) = prove_costs([(pair, graded)], {"summed": "1", "sorted": "2"})
        assert proof.held is held
        assert proof.why_not.startswith("sorted: ") is not held
