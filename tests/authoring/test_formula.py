"""Formulas become MathML, or an error that says where."""

import re

import pytest

from grader.authoring.formula import FormulaError, mathml, statements


def test_what_handouts_are_full_of() -> None:
    inline, display = mathml(r"\hat r_n", display=False), mathml(r"L = \sum_{i=1}^{T} w_i L_i", display=True)
    assert inline.startswith("<math><msub><mover")
    assert display.startswith('<math display="block"><mi>L</mi><mo>=</mo><munderover>')


@pytest.mark.parametrize(
    "latex",
    [
        r"\begin{cases} 1 & \text{if } x > 0 \\ 0 & \text{otherwise} \end{cases}",
        r"\begin{aligned} a &= b \\ &= c \end{aligned}",
        r"\operatorname*{arg\,min}_\theta \mathbb{E}_{x \sim p} \bigl[ \mathcal{L}(\theta) \bigr]",
        r"\left\lVert \nabla_\theta \tfrac12 \bar x^\top \right\rVert_2",
        r"\theta' \leftarrow \theta - \alpha \nabla_\theta \log \frac{e^{z_y}}{\sum_k e^{z_k}}",
    ],
)
def test_nothing_is_shown_as_it_is_typed(latex: str) -> None:
    for display in (True, False):
        made = mathml(latex, display=display)
        assert made.endswith("</math>")
        assert not set("\\&") & set(made.replace("&ApplyFunction;", "").replace("&gt;", ""))


@pytest.mark.parametrize(
    ("latex", "line", "why"),
    [
        (r"\wrong x", 0, r'Unknown command "\wrong".'),
        ("a\n= b\n+ \\wrong", 2, r'Unknown command "\wrong".'),
        (r"\frac{1}{2", 0, 'Expected closing token "}", but reached end of input.'),
        ("a\n}", 1, 'Unmatched closing token: "}".'),
        ("ŷ\n\\wrong", 1, r'Unknown command "\wrong".'),
    ],
)
def test_what_cannot_be_read_is_an_error(latex: str, line: int, why: str) -> None:
    with pytest.raises(FormulaError) as caught:
        mathml(latex, display=True)
    assert (caught.value.line, str(caught.value)) == (line, why)


LONG = " + ".join(f"a_{{{n}}}" for n in range(8))


def test_a_short_formula_stays_in_one_piece() -> None:
    for latex, display in ((r"y = 2x", True), (r"\hat r \ge 1", False), (r"\sqrt{" + LONG + "}", True)):
        formula = mathml(latex, display=display)
        assert statements(formula) == [[formula]]


@pytest.mark.parametrize(
    ("latex", "lengths"),
    [
        (rf"y = {LONG}", [9]),  # y, = a, + a, ..., + a
        (rf"y = -{LONG}", [9]),  # a sign before a number is no place to end a line
        (rf"y = ({LONG})", [2]),
        (rf"y = \bigl|\{{ {LONG} \}}\bigr| \le z", [3]),
        (rf"y = \left[ {LONG} \right] x", [2]),
        (rf"y = 1, \qquad z = ({LONG})", [2, 2]),
        (rf"y = 1, \quad z = ({LONG})", [2, 2]),
        (rf"y = 1,\; z = ({LONG})", [3]),
    ],
)
def test_a_long_one_may_end_a_line_before_relations_signs_and_after_wide_spaces(latex: str, lengths: list[int]) -> None:
    for display in (True, False):
        whole = mathml(latex, display=display)
        found = statements(whole)
        assert [len(pieces) for pieces in found] == lengths
        flat = [piece for pieces in found for piece in pieces]
        assert all(re.match("<math[ >]", piece) and piece.endswith("</math>") for piece in flat)
        assert all(('displaystyle="true"' in piece) is display for piece in flat)
        assert letters("".join(flat)) == letters(whole), "nothing is lost on the way, and nothing changes its place"


def letters(formula: str) -> str:
    return re.sub(r"<[^>]*>", "", formula)


def test_html_in_a_formula_is_text() -> None:
    assert "<b>" not in mathml(r"a <b> \text{<b>}", display=False)
