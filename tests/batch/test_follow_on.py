"""A known mistake costs points where it was made; what builds on it is compared with what the mistake leads to."""

from fractions import Fraction
from textwrap import dedent
from typing import Any

import pytest

from grader.batch.class_run import Job, grade
from grader.judge.calibration import Calibration, Caught, CheckCalibration, Metric, depends
from grader.judge.result import CheckResult, Result
from grader.proof.specimens import mistakes
from grader.report.calibration import calibration_text
from grader.report.terminal import check_text

House = Any  # tests/conftest.py

SQUARES = "def twice(x):\n    squared = x**2\n    return squared\n"  # the mistake `squares`, as a student writes it
SUMS = "def mean(x):\n    return twice(x).sum()\n"
HUNG = "def mean(x):\n    while True:\n        pass\n"


def graded(house: House, code: str, *, known: bool = True) -> Result:
    jobs = [Job("ada", modules={"tiny": house.but(code)})]
    found = mistakes(house.assignment) if known else ()
    ((_, result),) = grade(
        jobs, house.assignment, 7, sandbox=house.sandbox, allow_weak=True, lane_count=1, mistakes=found
    )
    return result


def of(result: Result, name: str) -> CheckResult:
    return next(check for check in result.checks if check.id == name)


def test_what_builds_on_a_known_mistake_keeps_its_points(house: House) -> None:
    result = graded(house, SQUARES)
    assert of(result, "test_twice").verdict == "failed"
    mean = of(result, "test_mean")
    assert (mean.verdict, mean.points, mean.given) == ("passed", Fraction(3, 2), "1")
    assert {problem.id: problem.points for problem in result.problems}["2"] == Fraction(5, 2)
    said = check_text(mean.for_student(after_due=False), staff=False).plain
    assert "Judged with what you have in problem 1, whose mistake costs nothing here." in said


def test_a_second_mistake_is_not_given_for_the_first(house: House) -> None:
    for second in (SUMS, HUNG):
        mean = of(graded(house, SQUARES + second), "test_mean")
        assert (mean.verdict, mean.points, mean.given) == ("blocked", 0, "")


def test_what_builds_on_a_mistake_that_is_not_known_stays_blocked(house: House) -> None:
    assert of(graded(house, "def twice(x):\n    return 3 * x\n"), "test_mean").verdict == "blocked"
    assert of(graded(house, SQUARES, known=False), "test_mean").verdict == "blocked"


def test_a_right_solution_has_nothing_to_be_given(house: House) -> None:
    assert [check.given for check in graded(house, "").checks if check.given] == []


TRAINED = """
    @problem("1", points=1)
    def test_twice(ask):
        '''Twice.'''
        ask("twice", x=ask.rng.normal(size=3)).same_as_reference()


    @problem("2", points=1, needs="1"RETEST)
    def test_trained(ask, calibrated):
        '''As if it were trained.'''
        calibrated("size", float(ask("mean", x=np.ones(3)).value))
"""


@pytest.mark.parametrize(
    ("retest", "failing", "verdict"),
    [
        ("", 0.05, "passed"),
        ("", 0.06, "blocked"),
        (", retest=Retest(right=0.95, wrong=0.05, false_pass=0.06, attempts=8)", 0.2, "passed"),
        (", retest=Retest(right=0.95, wrong=0.05, false_pass=0.06, attempts=8)", 0.6, "blocked"),
    ],
)
def test_a_check_of_training_that_a_mistake_now_and_then_spoils_stays_blocked(
    house: House, retest: str, failing: float, verdict: str
) -> None:
    head = "from grader.judge import Retest\n"
    house.checks(head + dedent(TRAINED.replace("RETEST", retest)), points={"1": 1, "2": 1})
    (file,) = (house.assignment.solution / "checks").glob("*.py")
    check = CheckCalibration(
        file=f"checks/{file.name}",
        may_fail=0.05,
        confidence=0.95,
        metrics={"size": Metric(better="more", within="any number", bound=0.5, fits=(), right={}, wrong={})},
        caught={"squares": Caught(runs=100, caught=0, by_fit=failing)},
        like_the_reference=(),
        not_measured={},
    )
    known = Calibration(made_with={}, depends=depends(house.assignment), mutants={}, checks={"test_trained": check})
    (house.assignment.solution / "calibration.json").write_text(calibration_text(known))
    assert of(graded(house, SQUARES), "test_trained").verdict == verdict


def test_who_is_judged_next_is_judged_as_ever(house: House) -> None:
    """Checks of several files, so that what one check leaves set up does not fit the next one by chance."""
    house.checks(
        """
        @problem("1", points=1)
        def test_twice(ask):
            \"\"\"Twice.\"\"\"
            ask("twice", x=ask.rng.normal(size=3)).same_as_reference()
        # next file
        @problem("2", points=1, needs="1")
        def test_mean(ask):
            \"\"\"The mean.\"\"\"
            ask("mean", x=ask.rng.normal(size=3)).same_as_reference()
        @problem("2", points=1)
        def test_mean_of_nothing(ask):
            \"\"\"The mean of nothing.\"\"\"
            ask.raises("ValueError", "mean", x=np.zeros(0))
        # next file
        @problem("2", points=1, needs="1")
        def test_mean_of_many(ask):
            \"\"\"The mean of many.\"\"\"
            ask("mean", x=ask.rng.normal(size=30)).same_as_reference()
        """,
        """
        @problem("1", visibility="public")
        def test_example(ask):
            \"\"\"An example.\"\"\"
            ask("twice", x=ask.rng.normal(size=2)).same_as_reference()
        """,
        points={"1": 1, "2": 3},
    )
    modules = {"squared": house.but(SQUARES), "right": house.reference}
    jobs = [Job(f"{name}_{i}", modules={"tiny": modules[name]}) for i in range(3) for name in modules]
    graded = grade(
        jobs,
        house.assignment,
        7,
        sandbox=house.sandbox,
        allow_weak=True,
        lane_count=1,
        mistakes=mistakes(house.assignment),
    )
    for job, result in graded:
        failed = {check.id: check.verdict for check in result.checks if check.verdict != "passed"}
        assert failed == ({"test_twice": "failed", "test_example": "failed"} if "squared" in job.name else {})
        assert result.points == (3 if "squared" in job.name else 4)
