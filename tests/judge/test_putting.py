"""One check put to one submission: whose fault it is that it broke down, and how it may end."""

from typing import Any

import pytest

from grader.judge.manner import Manner
from grader.judge.session import Judge

House = Any  # tests/conftest.py


def run(house: House, body: str, source: str | None = None, probes: str = "") -> Any:
    """The result of the only check, whose body is `body`."""
    if probes:
        house.probes(probes)
    lines = "\n".join("    " + line for line in body.splitlines())
    house.checks(f'@problem("1", points=1)\ndef test_it(ask: Ask, credit: Credit) -> None:\n    """It."""\n{lines}\n')
    (result,) = house.judge(source or house.reference)
    (check,) = result.checks
    assert check.max_points == result.max_points == 1  # whatever happens to a check, the maximum stays
    return check


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("pytest.skip('not today')", "A check may not skip itself: not today"),
        ("pytest.importorskip('no_such_module')", "A check may not skip itself: could not import 'no_such_module'"),
        ("credit(0.5, 'half')", "A check gave the credit 0.5; it must be a fraction from 0 to 1."),
        ("credit(float('nan'), 'nan')", "A check gave the credit nan"),
        ("credit(2, 'double')", "A check gave the credit 2"),
        ("credit(Fraction(-1, 2), 'minus')", "A check gave the credit Fraction(-1, 2)"),
        ("credit(True, 'all')", "A check gave the credit True"),
        ("credit('1', 'all')", "A check gave the credit '1'"),
        ("return True", "this one returned bool."),
        ("return 'passed'", "this one returned str."),
        ("1 / 0", "ZeroDivisionError"),
        ("raise SystemExit(0)", "SystemExit"),
        ("undefined_name", "NameError"),
        ("pytest.fail('by hand')", "by hand"),
        ("check_that(np.array([True]), came='', expected='')", "check_that was given ndarray, not a bool."),
        ("check_that(float('nan'), came='', expected='')", "check_that was given float, not a bool."),
        ("check_that(None, came='', expected='')", "check_that was given NoneType, not a bool."),
        ("ask('no_such_probe')", "There is no probe 'no_such_probe' in probes.py."),
        ("ask('_private')", "There is no probe '_private' in probes.py."),
        ("ask('twice', x='text', y=1)", "The reference raised TypeError when 'twice' was asked."),
        ("ask('twice', x=[1, {2}])", "a value of type set cannot be sent"),
        ("ask('twice', x=np.zeros(1)).same_as_reference(only='k')", "The reference's answer to this has no 'k'."),
        ("ask.raises('ValueError', 'twice', x=np.zeros(2))", "The reference does not raise ValueError when 'twice'"),
        (
            "ask('twice', x=np.array([np.nan])).same_as_reference()",
            "The reference's value of The answer is not finite.",
        ),
        ("close(1.0, float('inf'), atol=1.0)", "The reference's value of The answer is inf."),
    ],
)
def test_a_check_that_is_wrong_is_our_fault_and_stays_in_the_maximum(house: House, body: str, says: str) -> None:
    check = run(house, body)
    assert (check.verdict, check.points) == ("grader_error", 0)
    assert check.summary == "The grader made a mistake here, not you. Nothing is lost: the check will be run again."
    assert says in check.detail


def test_a_mark_that_skips_a_check_is_our_fault_too(house: House) -> None:
    house.checks('@pytest.mark.skip(reason="later")\n@problem("1", points=1)\ndef test_it() -> None:\n    """It."""\n')
    (result,) = house.judge(house.reference)
    assert result.verdict == "grader_error"
    assert (result.points, result.max_points) == (0, 1)


@pytest.mark.parametrize(
    ("source", "verdict"),
    [
        ("def twice(x):\n    return [1.0]\n", "failed"),  # breaks the check: it has no .sum
        ("def twice(x):\n    return None\n", "failed"),
        ("def twice(x):\n    return {'a': x}\n", "failed"),
        ("def twice(x):\n    return 3 * x\n", "failed"),
        ("def twice(x):\n    return 2 * x\n", "passed"),
    ],
)
def test_a_check_that_only_this_answer_breaks_is_failed(house: House, source: str, verdict: str) -> None:
    check = run(house, "total = ask('twice', x=np.ones(3)).value.sum()\nclose(total, 6.0, atol=1e-9)", source)
    assert check.verdict == verdict
    if "3 * x" not in source and verdict == "failed":
        assert check.summary == "What your code returned does not have the form that this check asks for."
        assert check.hint == "Compare type and shape of what you return with the handout."


@pytest.mark.parametrize(
    "answer", ["{'loss': float('nan')}", "{}", "{'loss': None}", "[]", "{'loss': -1.0}", "{'loss': 'all'}"]
)
def test_no_odd_value_earns_points(house: House, answer: str) -> None:
    check = run(
        house,
        "loss = ask('twice', x=np.ones(1))['loss']\ncheck_that(loss >= 0 and loss <= 1, came='', expected='')",
        source=f"def twice(x):\n    return {answer}\n",
    )
    assert check.points == 0
    assert check.verdict in ("grader_error", "failed")


def test_a_bare_assert_in_a_check_is_failed_with_what_pytest_says_of_it(house: House) -> None:
    check = run(house, "assert ask('twice', x=1).value == 2", source="def twice(x):\n    return 3 * x\n")
    assert (check.verdict, check.points) == ("failed", 0)
    assert check.summary == "This does not hold for your code."
    assert "3 == 2" in check.detail


def test_zero_points_of_credit_are_zero_and_not_unset(house: House) -> None:
    check = run(house, "credit(0, 'nothing of it')")
    assert (check.verdict, check.points, check.summary) == ("failed", 0, "nothing of it")
    check = run(house, "credit(1, 'all of it')")
    assert (check.verdict, check.points) == ("passed", 1)


def test_a_fixture_that_breaks_is_our_fault(house: House) -> None:
    house.checks(
        """
        @pytest.fixture
        def broken() -> None:
            raise OSError("the disk is full")

        @problem("1", points=1)
        def test_it(broken: None) -> None:
            '''It.'''
        """
    )
    assert house.judge_one(house.reference)["test_it"].verdict == "grader_error"


def test_a_teardown_that_breaks_is_our_fault(house: House) -> None:
    house.checks(
        """
        @pytest.fixture
        def broken():
            yield
            raise OSError("the disk is full")

        @problem("1", points=1)
        def test_it(broken: None) -> None:
            '''It.'''
        """
    )
    assert house.judge_one(house.reference)["test_it"].verdict == "grader_error"


def test_a_probe_that_cannot_use_the_answer_is_the_students_loss_and_told_by_its_line(house: House) -> None:
    check = run(
        house,
        "ask('total', x=np.ones(3)).same_as_reference()",
        source="def twice(x):\n    return None\n",
        probes="def total(x):\n    return tiny.twice(x).sum()\n",
    )
    assert check.verdict == "failed"
    assert check.summary == (
        "What your code returned could not be used (AttributeError in the probe's line `return tiny.twice(x).sum()`): "
        "'NoneType' object has no attribute 'sum'."
    )


def test_raises_accepts_a_subclass_and_nothing_else(house: House) -> None:
    def verdict(raised: str) -> tuple[str, str]:
        source = f"def mean(x):\n    {raised}\n"
        check = run(house, "ask.raises('ValueError', 'mean', x=np.zeros(0))", house.but(source))
        return check.verdict, check.summary

    assert verdict("raise ValueError")[0] == "passed"
    assert verdict("raise UnicodeError")[0] == "passed"  # is a ValueError
    assert verdict("raise KeyError") == ("failed", "ValueError should be raised here, but KeyError was.")
    assert verdict("return x.sum()") == ("failed", "ValueError should be raised here, but a value was returned.")
    assert verdict("raise NotImplementedError")[0] == "missing"
    assert verdict("raise SystemExit")[0] == "crashed"


def test_an_assertion_that_no_check_made_is_ours(house: House) -> None:
    class Clumsy(Judge):
        manner = Manner(blocks=False)

        @pytest.hookimpl(tryfirst=True)
        def pytest_runtest_setup(self, item: pytest.Item) -> None:
            assert item is None, "not a check's"

    (result,) = house.judge(house.reference, judge=Clumsy)
    assert {check.verdict for check in result.checks} == {"grader_error"}
