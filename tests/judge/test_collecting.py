"""Checks as they are collected: what their authors marked them with, what they need, and their order."""

from typing import Any

import pytest

from grader.errors import CourseError

House = Any  # tests/conftest.py

PLAIN = '@problem("1", points=1)\ndef test_it() -> None:\n    """It."""\n'


@pytest.mark.parametrize(
    ("checks", "says"),
    [
        ("def test_it() -> None:\n    '''It.'''\n", r"test_it: a check needs @problem\(\.\.\.\) of grader\.judge\."),
        ("@pytest.mark.problem('1')\ndef test_it() -> None:\n    '''It.'''\n", "a check needs @problem"),
        (
            "@problem('1', points=1)\ndef test_it() -> None: ...\n",
            "a check needs a docstring: the line that the student sees",
        ),
        (f"{PLAIN}\n# next file\n{PLAIN}", "another check is called test_it; give each its own name"),
        (
            "@problem('4', points=1)\ndef test_it() -> None:\n    '''It.'''\n",
            "problem '4', but hw7_tiny has no such code problem",
        ),
        (
            "@problem('1', points=2)\ndef test_it() -> None:\n    '''It.'''\n",
            "problem 1 add up to 2 points; assignment.toml says 1",
        ),
        (
            "@problem('1')\ndef test_it() -> None:\n    '''It.'''\n",
            "problem 1 add up to 0 points; assignment.toml says 1",
        ),
        ("@problem('1', points=0.5)\ndef test_it() -> None:\n    '''It.'''\n", "points must be an integer or text"),
        (
            "@problem('1', points=-1)\ndef test_it() -> None:\n    '''It.'''\n",
            "points must not be negative, but are -1",
        ),
        (
            "@problem('1', points=1, visibility='shown')\ndef test_it() -> None:\n    '''It.'''\n",
            "visibility is public, hidden",
        ),
        (
            "@problem('1', points=1, needs='test_that')\ndef test_it() -> None:\n    '''It.'''\n",
            "test_it needs 'test_that', which is",
        ),
        ("import no_such_module\n" + PLAIN, "No module named 'no_such_module'"),
        ("def broken(:\n" + PLAIN, "SyntaxError"),
    ],
)
def test_checks_that_are_wrong_are_told_before_anything_is_judged(house: House, checks: str, says: str) -> None:
    house.checks(checks)
    with pytest.raises(CourseError, match=says):
        house.judge(house.reference)


def needing(name: str, needs: str, problem: str = "1", points: int = 1) -> str:
    return (
        f'@problem("{problem}", points={points}, needs={needs})\n'
        f'def test_{name}(ask: Ask) -> None:\n    """{name}."""\n'
        f"    ask('twice', x=np.ones(2)).same_as_reference()\n\n\n"
    )


def test_checks_that_need_each_other_are_told_as_a_circle(house: House) -> None:
    house.checks(needing("a", "'test_b'") + needing("b", "'test_c'") + needing("c", "'test_a'"), points={"1": 3})
    with pytest.raises(CourseError, match="need each other in a circle: test_a -> test_b -> test_c -> test_a"):
        house.judge(house.reference)


def test_problems_that_need_each_other_are_told_as_a_circle(house: House) -> None:
    house.checks(needing("a", "'2'") + needing("b", "'1'", "2"), points={"1": 1, "2": 1})
    with pytest.raises(CourseError, match="need each other in a circle: test_a -> test_b -> test_a"):
        house.judge(house.reference)


def test_needs_are_run_first_and_blocked_all_the_way_down(house: House) -> None:
    checks = [needing("a", "('test_b', 'test_c')"), needing("b", "'2'"), needing("c", "()"), needing("d", "()", "2")]
    house.checks("".join(checks), points={"1": 3, "2": 1})
    good, bad = house.judge(house.reference, house.but("def twice(x):\n    return x\n"))
    assert [check.id for check in good.checks] == ["test_a", "test_b", "test_c", "test_d"]
    assert good.verdict == "passed"
    assert {check.id.removeprefix("test_"): check.verdict for check in bad.checks} == {
        "a": "blocked",
        "b": "blocked",
        "c": "failed",
        "d": "failed",
    }


def test_each_set_of_parameters_is_a_check_of_its_own(house: House) -> None:
    house.checks(
        """
        @pytest.mark.parametrize("size", [0, 3])
        @problem("1", points=1)
        def test_sizes(ask: Ask, size: int) -> None:
            '''Any size.'''
            ask("twice", x=np.ones(size)).same_as_reference()
        """,
        points={"1": 2},
    )
    (result,) = house.judge(house.but("def twice(x):\n    return 2 * x if len(x) else None\n"))
    assert [(check.id, check.verdict, check.points) for check in result.checks] == [
        ("test_sizes[0]", "failed", 0),
        ("test_sizes[3]", "passed", 1),
    ]
