"""Values at points, and the reasons why there is none."""

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest


@pytest.fixture(scope="module")
def computed(answer: Any) -> Callable[[str], float | str]:
    """The value of a text, or the reason why it has none, where x is 24/7 and every other symbol 3/7."""
    from computing import values
    from reading import read

    point = {symbol.name: Fraction(3, 7) for symbol in answer.symbols} | {"x": Fraction(24, 7)}

    def compute(text: str) -> float | str:
        (found,) = values(read(text, answer).tree, answer, [point])
        return found

    return compute


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0.1 + 0.2", 0.3),
        ("x", 24 / 7),
        ("pi", math.pi),
        ("e", math.e),
        ("exp(1)", math.e),
        ("sqrt(2)", math.sqrt(2)),
        ("2^(1/2)", math.sqrt(2)),
        ("sqrt(4)", 2.0),
        ("sqrt(x)", math.sqrt(24 / 7)),
        (r"\sqrt[3]{27}", 3.0),
        ("log(2)", math.log(2)),
        ("log(1)", 0.0),
        ("exp(0)", 1.0),
        (r"\log_2(8)", 3.0),
        (r"\log_{10} 1000", 3.0),
        ("(-2)^3", -8.0),
        ("(-2)^(-3)", -0.125),
        ("(-pi)^3", -(math.pi**3)),
        ("(-1)^(10^9 + 1)", -1.0),
        ("(-1 - 10^(-15))^(10^15 + 1)", -2.7182818284590464),
        ("(1 + 1/10^12)^(10^12)", 2.7182818284576857),
        ("0^2", 0.0),
        ("0^(1/2)", 0.0),
        ("0^pi", 0.0),
        ("0^0", 1.0),
        ("x^0", 1.0),
        # cancellation that floats do not survive
        ("(x + 10^(-400)) - x", 0.0),
        ("((pi + exp(-900)) - pi)*exp(900)", 1.0),
        ("exp(1000)/exp(999)", math.e),
        ("10^(-400)*10^400", 1.0),
        # zero
        ("0*log(x)", 0.0),
        ("x - x", 0.0),
        ("sqrt(x)^2 - x", 0.0),
        ("exp(log(5)) - 5", 0.0),
        ("sqrt(sqrt(x)^2 - x)", 0.0),
        ("(sqrt(x)^2 - x)^(1/3)", 0.0),
        # very small and very large on the way
        ("exp(-800)", 0.0),
        ("2^{-1000000000}", 0.0),
        ("2^{-10^9}", 0.0),
        ("exp(-exp(exp(4)))", 0.0),
        ("log(exp(-exp(20)))", -math.exp(20)),
        ("log(exp(1000))", 1000.0),
        ("9^{9^9}/9^{9^9}", 1.0),
        ("0^(10^(10^10))", 0.0),
        ("1^(10^(10^10))", 1.0),
    ],
)
def test_a_value(computed: Callable[[str], float | str], text: str, value: float) -> None:
    assert computed(text) == pytest.approx(value, rel=1e-15, abs=0)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("1/0", "a division by zero"),
        ("0/0", "a division by zero"),
        ("1/(x - x)", "a division by zero"),
        ("1/(sqrt(x)^2 - x)", "a division by zero"),
        ("(sqrt(x)^2 - x)^(-3)", "a division by zero"),
        ("0^(-1)", "a division by zero"),
        ("0^(-pi)", "a division by zero"),
        ("log(-1)", "the logarithm of a negative number"),
        ("log(3 - pi)", "the logarithm of a negative number"),
        ("log(0)", "the logarithm of 0"),
        ("log(sqrt(x)^2 - x)", "the logarithm of 0"),
        ("sqrt(-1)", "a root of a negative number"),
        ("sqrt(3 - pi)", "a root of a negative number"),
        ("(-8)^(1/2)", "a root of a negative number"),
        ("(-8)^(1/3)", "a root of a negative number"),
        ("(-8)^(2/3)", "a root of a negative number"),
        (r"\sqrt[3]{-8}", "a root of a negative number"),
        ("(-2)^pi", "a power of a negative number whose exponent is not whole"),
        ("exp(800)", "too large to be computed"),
        ("10^400", "too large to be computed"),
        ("1" * 1000, "too large to be computed"),
        ("pi^4000", "too large to be computed"),
        ("9^{9^{9^9}}", "too large to be computed"),
        ("9^{9^9}", "too large to be computed"),
        ("2^{10^9}", "too large to be computed"),
        ("2^(10^(10^10))", "too large to be computed"),
        ("exp(exp(exp(100)))", "too large to be computed"),
        ("exp(" * 38 + "x" + ")" * 38, "too large to be computed"),
        ("(" * 30 + "pi" + "^4096)" * 30, "too large to be computed"),
        ("1/" + "(" * 30 + "pi" + "^(-4096))" * 30, "too large to be computed"),
        ("9^{9^9} - 9^{9^9}", "it is too near to 0 to tell"),
    ],
)
def test_no_value_and_the_reason(computed: Callable[[str], float | str], text: str, reason: str) -> None:
    assert computed(text) == reason


def test_tiny_powers_of_powers_end(computed: Callable[[str], float | str]) -> None:
    assert computed("(" * 30 + "1/pi" + ")^4096" * 30) == 0.0


def test_long_sums_and_products_end(computed: Callable[[str], float | str]) -> None:
    assert computed("-".join(["log(x)*log(a)"] * 100) + " + 98*log(x)*log(a)") == 0.0
    assert computed("*".join(f"(1+1/{i})" for i in range(2, 192))) == 96.0
    assert computed("+".join(f"1/{i}" for i in range(2, 300))) == pytest.approx(sum(1 / i for i in range(2, 300)))


def test_short_symbols_are_filled_in(declared_answers: dict[str, Any]) -> None:
    from computing import value
    from reading import read

    answer = declared_answers["A_star"]
    tree = read("S", answer).tree
    assert value(tree, answer, {"s1": 3, "s2": Fraction(1, 2)}) == 9.25


def test_each_point_has_its_value_or_its_reason(answer_with: Callable[..., Any]) -> None:
    from computing import NoValue, value, values
    from reading import read

    answer = answer_with(x="x")
    tree = read("log(x)", answer).tree
    points = [{"x": 1}, {"x": -1}, {"x": 0}, {"x": 2}]
    reasons = ["the logarithm of a negative number", "the logarithm of 0"]
    assert values(tree, answer, points) == [0.0, *reasons, math.log(2)]
    with pytest.raises(NoValue, match="the logarithm of 0"):
        value(tree, answer, {"x": 0})


def test_the_precision_of_mpmath_stays_as_it_is(computed: Callable[[str], float | str]) -> None:
    import mpmath

    before = (mpmath.mp.prec, mpmath.iv.prec)
    assert computed("((x + exp(-900)) - x)*exp(900)") == 1.0
    assert (mpmath.mp.prec, mpmath.iv.prec) == before
