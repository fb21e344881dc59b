"""Formulas become MathML, or an error that says where."""

import pytest

from grader.authoring.formula import FormulaError, mathml


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


def test_html_in_a_formula_is_text() -> None:
    assert "<b>" not in mathml(r"a <b> \text{<b>}", display=False)
