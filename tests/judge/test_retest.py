"""A check that may fail by chance is put again, and the error rates are what its author stated."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.errors import CourseError
from grader.judge.problem import problem
from grader.judge.result import Attempt
from grader.judge.retest import Retest

House = Any  # tests/conftest.py
TESTS = [Retest(0.9, 0.3), Retest(0.95, 0.05, attempts=8), Retest(0.9, 0.2, false_fail=0.01, false_pass=0.01)]


def simulated(retest: Retest, probability: float, times: int) -> tuple[float, float]:
    """How often a solution passes the whole check, and the mean number of attempts, by doing it."""
    rng = np.random.default_rng(int(1000 * probability))
    passed_checks = attempts = 0
    for _ in range(times):
        passed = failed = 0
        while retest.decided(passed, failed) is None:
            success = bool(rng.random() < probability)
            passed, failed = passed + success, failed + (not success)
        passed_checks += retest.decided(passed, failed) == "passed"
        attempts += passed + failed
    return passed_checks / times, attempts / times


@pytest.mark.parametrize("retest", TESTS)
def test_error_rates_are_what_is_stated(retest: Retest) -> None:
    assert 1 - retest.passing(retest.right) <= retest.false_fail
    assert retest.passing(retest.wrong) <= retest.false_pass


@pytest.mark.parametrize("retest", TESTS)
@pytest.mark.parametrize("probability", [0.05, 0.3, 0.6, 0.9])
def test_what_is_computed_is_what_happens(retest: Retest, probability: float) -> None:
    times = 4000
    passing, attempts = simulated(retest, probability, times)
    exact = retest.passing(probability)
    assert passing == pytest.approx(exact, abs=4 * (exact * (1 - exact) / times) ** 0.5 + 1e-3)
    assert attempts == pytest.approx(retest.expected_attempts(probability), rel=0.05)


@given(st.floats(0, 1), st.floats(0, 1))
def test_a_better_solution_passes_more_often(one: float, other: float) -> None:
    worse, better = sorted((one, other))
    assert TESTS[0].passing(worse) <= TESTS[0].passing(better) + 1e-12


def test_the_number_of_attempts_is_bounded() -> None:
    for retest in TESTS:
        for passed in range(retest.attempts + 1):
            assert retest.decided(passed, retest.attempts - passed) is not None


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"right": 0.5, "wrong": 0.5}, "needs 0 < wrong < right < 1"),
        ({"right": 1.0, "wrong": 0.5}, "needs 0 < wrong < right < 1"),
        ({"right": 0.9, "wrong": 0.5, "false_fail": 0}, "error rates lie between 0 and 1/2"),
        ({"right": 0.9, "wrong": 0.5, "attempts": 0}, "attempts between 1 and 1000"),
        ({"right": 0.9, "wrong": 0.5, "attempts": 20}, "with 20 attempts a right solution fails with probability 0.00"),
    ],
)
def test_what_cannot_be_kept_is_refused(values: dict[str, Any], says: str) -> None:
    with pytest.raises(CourseError, match=says):
        Retest(**values)


def test_a_public_check_is_not_put_again() -> None:
    with pytest.raises(CourseError, match="no retest for it"):
        problem("1", visibility="public", retest=TESTS[0])


# ---- in a judge ----------------------------------------------------------------------------------------------------

RANDOM = """
    from grader.judge import Retest


    @problem("1", points=1, visibility="after_due", retest=Retest(right=0.8, wrong=0.2, attempts=40))
    def test_random(ask: Ask) -> None:
        '''Passes by chance.'''
        likely = float(ask("twice", x=np.array(0.4)).value)
        drawn = ask.rng.random()
        check_that(bool(drawn < likely), came=f"{drawn:.6f}", expected=f"below {likely:.2f}")
"""


@pytest.fixture
def random(house: House) -> House:
    house.checks(RANDOM)
    return house


def test_a_right_solution_passes_whatever_chance_does_and_every_attempt_is_recorded(random: House) -> None:
    failed_once = 0
    for seed in range(30):
        (result,) = random.judge(random.reference, seed=seed)  # each attempt passes with probability 0.8
        (check,) = result.checks
        assert (check.verdict, check.points, check.came) == ("passed", 1, "")
        verdicts = [attempt.verdict for attempt in check.attempts]
        assert len(verdicts) >= 3
        failed_once += "failed" in verdicts
        inputs = [attempt.came for attempt in check.attempts if attempt.verdict == "failed"]
        assert len(set(inputs)) == len(inputs)  # fresh ones each time
    assert failed_once > 5


def test_a_wrong_solution_fails_with_the_account_of_its_first_failed_attempt(random: House) -> None:
    wrong = random.but("def twice(x):\n    return x / 4\n")  # each attempt passes with probability 0.1
    for seed in range(10):
        (result,) = random.judge(wrong, seed=seed)
        (check,) = result.checks
        assert (check.verdict, check.points) == ("failed", 0)
        first = next(attempt for attempt in check.attempts if attempt.verdict == "failed")
        assert check.came == first.came != ""
        assert check.cpu_seconds >= 0


def test_the_same_seed_makes_the_same_attempts(random: House) -> None:
    first, again = (random.judge(random.reference, seed=3)[0].checks[0] for _ in range(2))
    assert first.attempts == again.attempts


def test_what_is_no_matter_of_chance_ends_at_once(random: House) -> None:
    (crashed,) = random.judge_one(random.but("def twice(x):\n    raise ValueError\n")).values()
    assert (crashed.verdict, [attempt.verdict for attempt in crashed.attempts]) == ("crashed", ["crashed"])
    (missing,) = random.judge_one(random.but("def twice(x):\n    raise NotImplementedError\n")).values()
    assert (missing.verdict, len(missing.attempts)) == ("missing", 1)


def test_a_student_sees_how_attempts_ended_and_no_more_before_the_due_date(random: House) -> None:
    (check,) = random.judge_one(random.but("def twice(x):\n    return x / 4\n")).values()
    assert any(attempt.came for attempt in check.attempts)
    shown = check.for_student(after_due=False)
    assert shown.attempts == tuple(Attempt(verdict=attempt.verdict) for attempt in check.attempts)
    assert check.for_student(after_due=True).attempts == check.attempts


def test_a_check_without_retest_records_no_attempts(house: House) -> None:
    (result,) = house.judge(house.reference)
    assert {check.attempts for check in result.checks} == {()}
