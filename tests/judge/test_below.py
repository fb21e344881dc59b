"""What a problem builds on, and which of two judgings counts."""

from fractions import Fraction
from typing import Any

import pytest

from grader.judge.below import basis_of, better, went_wrong
from grader.judge.problem import Check
from grader.judge.result import CheckResult, Diagnosis


def check(problem: str, *needs: str) -> Check:
    return Check(problem, Fraction(1), needs, "hidden", False, 1.0)


CHECKS = {"a": check("1"), "b": check("1", "a"), "c": check("2"), "d": check("3", "1"), "e": check("4", "c", "d")}


def test_a_problem_builds_on_what_its_checks_need_directly_or_not() -> None:
    basis = basis_of(CHECKS)
    assert basis == {"1": set(), "2": set(), "3": {"1"}, "4": {"1", "2", "3"}}
    assert list(basis)[-2:] == ["3", "4"]  # who builds on least comes first


def test_problems_that_need_each_other_build_on_neither() -> None:
    circle = {"a": check("1"), "b": check("1", "d"), "c": check("2", "a"), "d": check("2"), "e": check("3", "1")}
    assert basis_of(circle) == {"1": set(), "2": set(), "3": {"1", "2"}}


def test_a_problem_went_wrong_where_a_check_of_it_did_not_pass() -> None:
    assert went_wrong("1", CHECKS, {"a": "passed", "b": "blocked", "c": "passed"})
    assert not went_wrong("2", CHECKS, {"a": "failed", "c": "passed"})
    assert not went_wrong("3", CHECKS, {})


def result(verdict: str, points: int = 0, **more: Any) -> CheckResult:
    return CheckResult(
        id="c", problem="2", asked="", visibility="hidden", verdict=verdict, points=points, max_points=2, **more
    )


SAYS = Diagnosis(mutant="", says="twice the right one", hint="", shown="always")


@pytest.mark.parametrize("before", ["blocked", "failed", "crashed", "timeout", "missing"])
def test_what_earns_more_counts(before: str) -> None:
    assert better(result(before), now := result("passed", 2, given="1")) is now
    assert better(partly := result(before, 1), result("failed", given="1")) is partly


@pytest.mark.parametrize("before", ["blocked", "failed", "crashed", "timeout"])
def test_an_answer_beside_the_reference_says_more_of_this_problem(before: str) -> None:
    for verdict in ("failed", "missing"):
        assert better(result(before), now := result(verdict, given="1")) is now


@pytest.mark.parametrize("now", ["crashed", "timeout", "invalid", "blocked"])
def test_without_an_answer_there_the_first_judging_stays(now: str) -> None:
    before = result("blocked", summary="This needs problem 1 first")
    kept = better(before, result(now, given="1", summary="Your code raised an exception."))
    assert kept == before.model_copy(update={"given": "1", "detail": f"{now}: Your code raised an exception."})
    assert kept.for_student(after_due=True).detail == ""
    failed = result("failed", summary="The shape is wrong.", diagnosis=SAYS)
    assert better(failed, result(now, given="1")) == failed.model_copy(update={"diagnosis": None})


def test_a_file_that_cannot_be_read_stays_what_there_is_to_say() -> None:
    unread = result("invalid", file="tiny.py")
    assert better(unread, result("missing", given="1")).verdict == "invalid"
    assert better(unread, result("passed", 2, given="1")).verdict == "passed"


def test_a_fault_of_ours_is_never_a_zero() -> None:
    assert better(result("blocked"), result("grader_error", given="1")).verdict == "grader_error"
