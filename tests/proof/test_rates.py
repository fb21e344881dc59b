"""How often a check may fail a right solution, and how long it takes."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.course.assignment import Assignment, Problem
from grader.errors import CourseError
from grader.judge.problem import Check, problem
from grader.judge.result import CheckResult, Environment, Result
from grader.judge.verdict import Verdict
from grader.proof.rates import GRADING_BUDGET_S, prove_rates, prove_total, rates, upper_bound
from grader.proof.survivors import hurried
from grader.sandbox.limits import limits_of


def check_result(verdict: Verdict, cpu_seconds: float) -> CheckResult:
    return CheckResult(
        id="test_it",
        problem="1",
        asked="It.",
        visibility="hidden",
        verdict=verdict,
        points=Fraction(0),
        max_points=Fraction(1),
        cpu_seconds=cpu_seconds,
    )


def result(verdict: Verdict, cpu_seconds: float = 0.1) -> Result:
    nothing: dict[str, Any] = dict.fromkeys(("grader", "python", "torch", "numpy", "platform", "confinement"), "")
    return Result(
        assignment="hw9_small",
        submission="reference",
        source="",
        fingerprint="",
        points=Fraction(0),
        max_points=Fraction(1),
        problems=(),
        checks=(check_result(verdict, cpu_seconds),),
        environment=Environment(**nothing, grading_seed="1", layers=()),
        graded_at="",
        cpu_seconds=cpu_seconds,
        wall_seconds=0.0,
    )


CHECKS = {"test_it": Check("1", Fraction(1), (), "hidden", False, 0.5)}


# The published tables of Clopper and Pearson: one-sided, 95 %.
@pytest.mark.parametrize(
    ("failures", "trials", "bound"),
    [(0, 1, 0.95), (0, 20, 0.1391), (0, 74, 0.0397), (1, 20, 0.2161), (2, 20, 0.2826), (5, 10, 0.7776), (3, 3, 1.0)],
)
def test_the_bound_is_exact(failures: int, trials: int, bound: float) -> None:
    assert upper_bound(failures, trials) == pytest.approx(bound, abs=5e-5)


@given(st.integers(1, 300), st.data())
def test_the_bound_lies_above_the_rate_and_falls_with_more_gradings(trials: int, data: st.DataObject) -> None:
    failures = data.draw(st.integers(0, trials))
    bound = upper_bound(failures, trials)
    assert failures / trials <= bound <= 1
    assert upper_bound(failures, trials + 1) <= bound


def test_a_check_that_was_never_asked_may_always_fail() -> None:
    (rate,) = rates([("reference@1", result("blocked"))], CHECKS)
    assert (rate.asked, rate.failed, rate.at_most) == (0, (), 1.0)


def test_a_single_failure_is_named_with_its_rate() -> None:
    graded = [(f"reference@{seed}", result("failed" if seed == 3 else "passed")) for seed in range(20)]
    (rate,) = rates(graded, CHECKS)
    assert (rate.asked, rate.failed) == (20, ("reference@3",))
    never_fails, in_budget = prove_rates([rate])
    assert not never_fails.held
    assert in_budget.held
    assert "failed 1 of 20 right gradings (5.0%, with 95 % confidence less than 21.6%): reference@3" in (
        never_fails.why_not
    )


def test_the_median_decides_over_time_and_one_slow_grading_does_not() -> None:
    once = [("a", result("passed", 0.4)), ("b", result("passed", 9.0)), ("c", result("passed", 0.3))]
    (rate,) = rates(once, CHECKS)
    assert (rate.median_s, rate.max_s, rate.budget_s) == (0.4, 9.0, 0.5)
    assert all(proof.held for proof in prove_rates([rate]))
    (slow,) = rates([("a", result("passed", 0.6))], CHECKS)
    (broken,) = [proof for proof in prove_rates([slow]) if not proof.held]
    assert (broken.specimen, broken.why_not) == (
        "test_it",
        "right solutions need 0.60 s (median), the check says budget_s=0.5",
    )


def test_a_whole_grading_has_a_budget_too() -> None:
    assert prove_total("hw9_small", [result("passed", GRADING_BUDGET_S)]).held
    over = prove_total("hw9_small", [result("passed", GRADING_BUDGET_S + 1)])
    assert not over.held
    assert over.specimen == "hw9_small"


@pytest.mark.parametrize("budget_s", [0, -1, float("nan"), float("inf"), True, "1"])
def test_a_budget_is_positive_seconds(budget_s: Any) -> None:
    with pytest.raises(CourseError, match="budget_s is CPU seconds, more than 0"):
        problem("1", budget_s=budget_s)


def test_mutants_are_hurried_but_never_allowed_more_than_a_submission() -> None:
    one = Problem(id="1", title="One", kind="code", points=Fraction(1))
    own = Assignment(name="hw9_small", title="Small", modules=("small.py",), problems=(one,))
    quick = limits_of(hurried(own, [result("passed", 0.02)]))
    assert (quick.call_cpu_s, quick.total_cpu_s) == (1.0, 10.0)
    assert limits_of(hurried(own, [result("passed", 1000.0)])) == limits_of(own)
    strict = own.model_copy(update={"limits": {"call_cpu_s": 0.5, "total_cpu_s": 3.0}})
    assert limits_of(hurried(strict, [result("passed", 0.02)])) == limits_of(strict)
