"""A mistake costs points where it was made; what builds on it is judged with the reference's part in its place."""

import base64
import marshal
from fractions import Fraction
from types import CodeType
from typing import Any

import pytest

from grader.batch.class_run import Job, grade
from grader.judge.result import CheckResult, Result
from grader.judge.substitutes import Substitutes
from grader.proof.specimens import mistakes
from grader.report.terminal import check_text

House = Any  # tests/conftest.py

SQUARES = "def twice(x):\n    squared = x**2\n    return squared\n"  # the mistake `squares`, as a student writes it
SUMS = "def mean(x):\n    if len(x) == 0:\n        raise ValueError\n    return twice(x).sum()\n"
HUNG = "def mean(x):\n    while True:\n        pass\n"
UNDONE = "def twice(x):\n    raise NotImplementedError\n"
ENDLESS = "def twice(x):\n    while True:\n        pass\n"


def graded(house: House, code: str, *, known: bool = True) -> Result:
    jobs = [Job("ada", modules={"tiny": house.but(code)})]
    found = mistakes(house.assignment) if known else ()
    ((_, result),) = grade(
        jobs, house.assignment, 7, sandbox=house.sandbox, allow_weak=True, lane_count=1, mistakes=found
    )
    return result


def of(result: Result, name: str) -> CheckResult:
    return next(check for check in result.checks if check.id == name)


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize("first", [SQUARES, "def twice(x):\n    return 3 * x\n", UNDONE, ENDLESS, "del twice\n"])
def test_a_mistake_costs_points_where_it_was_made(house: House, first: str, known: bool) -> None:
    """Whether anybody knows it or not."""
    result = graded(house, first, known=known)
    assert of(result, "test_twice").verdict != "passed"
    mean = of(result, "test_mean")
    assert (mean.verdict, mean.points, mean.given) == ("passed", Fraction(3, 2), "1")
    assert {problem.id: problem.points for problem in result.problems}["2"] == Fraction(5, 2)
    said = check_text(mean.for_student(after_due=False), staff=False).plain
    assert "Judged with the course's own problem 1 in place of yours: mistakes there cost nothing here." in said


def test_a_problem_graded_alone_has_the_points_that_it_has_among_the_others(house: House) -> None:
    for second, points in (("", Fraction(5, 2)), (SUMS, 1)):
        jobs = [Job("ada", modules={"tiny": house.but(SQUARES + second)})]
        ((_, alone),) = grade(
            jobs, house.assignment, 7, sandbox=house.sandbox, allow_weak=True, lane_count=1, only=frozenset("2")
        )
        assert {check.problem for check in alone.checks} == {"2"}
        assert alone.points == points
        of_all = graded(house, SQUARES + second).problems
        assert next(problem.points for problem in of_all if problem.id == "2") == points


@pytest.mark.parametrize("first", [SQUARES, UNDONE])
def test_a_second_mistake_costs_its_own_problem(house: House, first: str) -> None:
    mean = of(graded(house, first + SUMS), "test_mean")
    assert (mean.verdict, mean.points, mean.given) == ("failed", 0, "1")
    assert mean.diagnosis is not None


def test_what_does_not_fit_to_the_reference_stays_blocked(house: House) -> None:
    """The student's `mean` wants more of `twice` than was asked for. Who grades reads how that ended."""
    own = "class Twice:\n    def __call__(self, x):\n        return x\n    factor = 2\ntwice = Twice()\n"
    mean = of(graded(house, own + "def mean(x):\n    return (twice.factor * x).mean()\n"), "test_mean")
    assert (mean.verdict, mean.points, mean.given) == ("blocked", 0, "1")
    assert "factor" in mean.detail
    said = check_text(mean.for_student(after_due=True), staff=False).plain
    assert "With the course's own problem 1 in place of yours, it did not run either." in said
    assert "cost nothing" not in said
    assert mean.for_student(after_due=True).detail == ""


def test_what_hangs_beside_the_reference_stays_blocked(house: House) -> None:
    mean = of(graded(house, SQUARES + HUNG), "test_mean")
    assert (mean.verdict, mean.points) == ("blocked", 0)


def test_an_added_mistake_never_helps(house: House) -> None:
    """The sum in place of the mean, and then a `twice` that makes up for it where three numbers are asked about."""
    made_up = "def twice(x):\n    return 2 * x / len(x) if x.ndim else 2 * x\n"
    alone, both = graded(house, SUMS), graded(house, made_up + SUMS)
    assert both.points <= alone.points


def test_nobody_sees_what_was_printed_beside_the_reference(house: House) -> None:
    tells = "def mean(x):\n    print(twice.__code__.co_code.hex())\n    return twice(x).sum()\n"
    result = graded(house, SQUARES + tells)
    assert of(result, "test_mean").verdict == "failed"
    assert "".join(check.output for check in result.checks) == ""


def test_public_checks_with_the_reference_beside_show_no_values(house: House) -> None:
    house.checks(
        """
        @problem("1", points=1)
        def test_twice(ask):
            \"\"\"Twice.\"\"\"
            ask("twice", x=np.ones(3)).same_as_reference()


        @problem("2", points=1)
        def test_mean_of_nothing(ask):
            \"\"\"The mean of nothing.\"\"\"
            ask.raises("ValueError", "mean", x=np.zeros(0))
        """,
        """
        @problem("2", visibility="public", needs="1")
        def test_mean(ask):
            \"\"\"The mean.\"\"\"
            ask("mean", x=np.ones(3)).same_as_reference()
        """,
        points={"1": 1, "2": 1},
    )
    mean = of(graded(house, SQUARES + "def mean(x):\n    return x.sum() + 4321\n"), "test_mean")
    assert (mean.verdict, mean.given) == ("failed", "1")
    assert "4324" in mean.came
    assert mean.for_student(after_due=True).came == ""


def test_a_file_that_cannot_be_read_has_nothing_of_its_own_in_the_way(house: House) -> None:
    result = graded(house, "def broken(:\n")
    assert {check.verdict for check in result.checks} == {"invalid"}
    assert result.points == 0


def test_a_right_solution_has_nothing_to_be_given(house: House) -> None:
    assert [check.given for check in graded(house, "").checks if check.given] == []


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


BOTH = '''

class Both:
    """Problem 1. Of two problems."""

    def other(self):
        """Problem 2. The other."""
'''


def test_a_reference_that_cannot_be_taken_apart_blocks(house: House) -> None:
    own = house.but(SQUARES)
    path = house.assignment.solution / "tiny.py"
    path.write_text(path.read_text() + BOTH)
    jobs = [Job("ada", modules={"tiny": own})]
    ((_, result),) = grade(jobs, house.assignment, 7, sandbox=house.sandbox, allow_weak=True, lane_count=1)
    assert (of(result, "test_mean").verdict, of(result, "test_mean").given) == ("blocked", "")


CODE = "twice.__code__.co_code.hex()"
READERS = {
    "an exception tells it": f"def mean(x):\n    raise ValueError({CODE})\n",
    "an exception's name tells it": f"def mean(x):\n    raise type('E' + {CODE}, (Exception,), {{}})\n",
    "a line of its own tells it": f"def mean(x):\n    exec('raise ValueError  # ' + {CODE})\n",
    "a warning tells it": f"import warnings\ndef mean(x):\n    warnings.warn({CODE})\n    return x.sum()\n",
    "stderr tells it": f"import sys\ndef mean(x):\n    print({CODE}, file=sys.stderr)\n    return x.sum()\n",
    "an answer of another type tells it": f"def mean(x):\n    return {CODE}\n",
    "an error of the operating system tells it": f"def mean(x):\n    open({CODE})\n",
}


@pytest.mark.parametrize("reader", READERS.values(), ids=READERS)
def test_what_stands_beside_a_submission_is_not_told_to_its_student(house: House, reader: str) -> None:
    """It can be looked at, as everything in Python can. Of what comes out, students see nothing that code chooses."""
    result = graded(house, UNDONE + reader)
    assert of(result, "test_mean").points == 0
    given = marshal.loads(base64.b64decode(Substitutes(house.assignment).of(["1"])["tiny"].code))
    (secret,) = (each.co_code.hex() for each in given.co_consts if isinstance(each, CodeType))
    if "answer" in next(name for name, text in READERS.items() if text == reader):
        assert secret in result.model_dump_json()  # this is what it looks like, for staff
    told = result.for_student(after_due=True).model_dump_json()
    assert not [part for part in (secret[i : i + 16] for i in range(0, len(secret) - 16, 8)) if part in told]


@pytest.mark.parametrize(
    "restore",
    [
        "globals()['twice'] = own\n",
        "import sys\nsys.modules[__name__].__dict__['twice'] = own\n",
        "def put_back():\n    global twice\n    twice = own\nput_back()\n",
    ],
)
def test_who_puts_their_own_back_harms_themselves_alone(house: House, restore: str) -> None:
    own = "def own(x):\n    return 3 * x\ntwice = own\n"
    mean = of(graded(house, own + restore), "test_mean")
    assert (mean.verdict, mean.points) == ("failed", 0)


def test_a_submission_that_looks_who_is_beside_it_gains_nothing(house: House) -> None:
    """The reference's `twice` is there only while others than problem 1 are asked about."""
    looks = (
        "import builtins\ndef twice(x):\n    return getattr(builtins, 'kept', lambda x: x)(x)\n"
        "def mean(x):\n    import builtins\n    builtins.kept = twice\n    return twice(x).mean()\n"
    )
    result = graded(house, looks)
    assert {check.points for check in result.checks if check.problem == "1"} <= {0, Fraction(1, 2)}
