"""A document with an answer below each heading, and the module that it stands for."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.course.document import document_of, filled_in, module_of, twice_in

STUB = '''
def mean() -> str:
    r"""Problem 1. $\\bar x$. In `x`, `n`."""
    raise NotImplementedError("Problem 1: mean")


def variance() -> str:
    """Problem 1. The variance.

    In `x`.
    """
    raise NotImplementedError("Problem 1: variance")


def bound() -> str:
    """Problem 2. The bound. Without symbols."""
    raise NotImplementedError("Problem 2: bound")
'''
HANDED_OUT = document_of(STUB, "HW9: answers", {"1": "Moments", "2": "Bounds"})
NAMES = ("mean", "variance", "bound")


def answers(document: str, names: tuple[str, ...] = NAMES) -> dict[str, str | None]:
    """What each function of the module gives; None where it is not written."""
    space: dict[str, object] = {}
    exec(compile(module_of(document, names), "answers.py", "exec"), space)
    found: dict[str, str | None] = {}
    for name, function in space.items():
        if callable(function):
            try:
                found[name] = function()
            except NotImplementedError:
                found[name] = None
    return found


def test_what_is_handed_out_says_what_is_asked_and_has_no_answer() -> None:
    assert HANDED_OUT.count("\n### ") == 3
    assert "## Problem 1: Moments" in HANDED_OUT
    assert "> $\\bar x$. In `x`, `n`." in HANDED_OUT
    assert answers(HANDED_OUT) == dict.fromkeys(NAMES)
    assert 'raise NotImplementedError("Problem 2: bound")' in module_of(HANDED_OUT)
    assert module_of(HANDED_OUT) == module_of(HANDED_OUT, NAMES)


@pytest.mark.parametrize(
    "written",
    [
        "### mean\n\nmean = x/n\n",
        "### mean\n\nmean=x/n",
        "### mean\n> what is asked\n\nx/n\n",
        "### mean\n\n$x/n$\n".replace("$", ""),
        "### `mean`\n\n```\nx/n\n```\n",
        "# mean: x/n\n",
        "###### mean = x/n ######\n",
        "### mean\n\n`mean` = x/n\n",
        "### mean\n\n> mean = x/n\n",
        "### mean\n<!-- why = 3\n### variance -->\nx/n\n",
        "### mean\n\nx/n\n\n### mean\n\nmean =\n",
        "### mean\n\ny\n\n### mean\n\nx/n\n",
        "   ### mean\n\n   x/n\n",
        "### mean\n\nx/n\n\n## Some other thing\n\nnot an answer\n",
    ],
)
def test_an_answer_is_found_however_it_stands_below_its_heading(written: str) -> None:
    assert answers(written)["mean"] == "x/n"


def test_the_marks_of_formulas_stay_for_the_reader() -> None:
    assert answers("### mean\n\n$$\n\\frac{x}{n}\n$$\n")["mean"] == "$$\n\\frac{x}{n}\n$$"


def test_headings_that_nobody_asked_for_are_no_answers() -> None:
    assert answers("# My homework\n\n## notes\n\nx\n\n### mean\n\nx/n\n") == {"mean": "x/n"}
    assert module_of("nothing\n\n## mean of it\n", NAMES) == ""


def test_two_different_answers_are_told() -> None:
    assert twice_in("### mean\n\nx\n\n### mean\n\ny\n\n### bound\n\n1\n\n### bound\n\n1\n", NAMES) == ["mean"]


@pytest.mark.parametrize(
    "hostile",
    ["# a" + " " * 500_000 + "b", "# " + "#" * 500_000 + "x", "<!--" * 100_000, "## Problem " + "1" * 500_000],
)
def test_a_line_is_read_once_however_long_it_is(hostile: str) -> None:
    """This is read beside the grader. A pattern that tries every way to share out spaces would take hours."""
    assert answers(f"### mean\n\nx/n\n\n{hostile}\n")["mean"] == "x/n"


def test_what_somebody_hands_in_is_read_back() -> None:
    work = 'def mean():\n    return "x/n"\n\n\ndef bound():\n    return (r"\\frac{1}"\n            r"{2}")\n'
    assert answers(filled_in(HANDED_OUT, work)) == {"mean": "x/n", "variance": None, "bound": r"\frac{1}{2}"}


@settings(max_examples=200, derandomize=True, deadline=None)
@given(st.text(max_size=300), st.booleans())
def test_whatever_is_written_is_a_text_and_never_code(text: str, behind: bool) -> None:
    """What Python makes of the module is constants and `raise`, whatever stands in the document."""
    module = module_of(f"### mean\n\n{'mean = ' * behind}{text}\n", NAMES)
    for function in ast.parse(module).body:
        assert isinstance(function, ast.FunctionDef)
        says, ends = function.body
        assert isinstance(says, ast.Expr)
        assert isinstance(ends, ast.Return | ast.Raise)
        if isinstance(ends, ast.Return):
            assert isinstance(ends.value, ast.Constant)
            assert isinstance(ends.value.value, str)
