"""How trees are shown: minimal brackets that are safe."""

from typing import Any

import pytest

A, B, X = (("symbol", name) for name in "abx")
ONE, TWO, HALF = ("number", "1"), ("number", "2"), ("number", "0.5")


@pytest.mark.parametrize(
    ("tree", "plainly", "in_latex"),
    [
        (HALF, "0.5", "0.5"),
        (("pi",), "pi", r"\pi"),
        (("symbol", "tauK"), "tauK", r"\tau_K"),
        (("symbol", "phihat"), "phihat", r"\hat{\phi}"),
        (("sum", A, ("negative", B), X), "a - b + x", "a - b + x"),
        (("sum", ("negative", A), B), "-a + b", "-a + b"),
        (("sum", A, ("negative", ("sum", B, X))), "a - (b + x)", r"a - \left(b + x\right)"),
        (("negative", ("negative", A)), "-(-a)", r"-\left(-a\right)"),
        (("negative", ("product", A, B)), "-a*b", "-a b"),
        (("product", TWO, A, ("sum", A, B)), "2*a*(a + b)", r"2 a \left(a + b\right)"),
        (("product", A, TWO), "a*2", r"a \cdot 2"),
        (("product", A, ("power", TWO, B)), "a*2^b", r"a \cdot 2^{b}"),
        (("product", A, ("negative", B)), "a*(-b)", r"a \left(-b\right)"),
        (("product", TWO, ("quotient", ONE, TWO)), "2*(1/2)", r"2 \cdot \frac{1}{2}"),
        (("product", ("quotient", ONE, TWO), A), "(1/2)*a", r"\frac{1}{2} a"),
        (("quotient", ("product", A, B), ("product", TWO, X)), "a*b/(2*x)", r"\frac{a b}{2 x}"),
        (("quotient", ("quotient", A, B), X), "(a/b)/x", r"\frac{\frac{a}{b}}{x}"),
        (("quotient", A, ("quotient", B, X)), "a/(b/x)", r"\frac{a}{\frac{b}{x}}"),
        (("quotient", A, ("sum", A, B)), "a/(a + b)", r"\frac{a}{a + b}"),
        (("power", ("sum", A, B), TWO), "(a + b)^2", r"\left(a + b\right)^{2}"),
        (("power", A, ("negative", ONE)), "a^(-1)", "a^{-1}"),
        (("power", ("power", A, B), TWO), "(a^b)^2", r"\left(a^{b}\right)^{2}"),
        (("power", A, ("power", B, TWO)), "a^(b^2)", "a^{b^{2}}"),
        (("power", ("negative", A), TWO), "(-a)^2", r"\left(-a\right)^{2}"),
        (("power", ("quotient", A, B), TWO), "(a/b)^2", r"\left(\frac{a}{b}\right)^{2}"),
        (("power", ("log", A), TWO), "(log(a))^2", r"\left(\log\left(a\right)\right)^{2}"),
        (("power", ("symbol", "mustar"), TWO), "mustar^2", r"\left(\mu^{*}\right)^{2}"),
        (("power", ("e",), ("negative", A)), "e^(-a)", "e^{-a}"),
        (("exp", ("quotient", A, B)), "exp(a/b)", r"\exp\left(\frac{a}{b}\right)"),
        (("sqrt", ("sum", A, B)), "sqrt(a + b)", r"\sqrt{a + b}"),
        (("root", ("number", "3"), A), "a^(1/3)", r"\sqrt[3]{a}"),
        (("product", ("log", A), ("sum", A, B)), "log(a)*(a + b)", r"\log\left(a\right) \left(a + b\right)"),
    ],
)
def test_a_tree_is_shown(answer: Any, tree: Any, plainly: str, in_latex: str) -> None:
    from reading import read
    from showing import latex, plain

    assert plain(tree, answer) == plainly
    assert latex(tree, answer) == in_latex
    assert read(plainly, answer).notes == read(in_latex, answer).notes == ()
