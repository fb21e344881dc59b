"""Random trees: their values agree with floats, and what is shown can be read again and means the same."""

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

POINT = {
    "s1": Fraction(3, 4),
    "tauK": Fraction(5, 3),
    "phihat": Fraction(-7, 5),
    "e1": Fraction(1, 9),
    "n": Fraction(3),
}
LATEX = {"s1": "s_1", "tauK": r"\tau_K", "phihat": r"\hat{\phi}", "e1": "e_1", "n": "n"}

numbers = st.sampled_from(["0", "1", "2", "3", "10", "0.5", "0.25", "1.7"]).map(lambda digits: ("number", digits))
leaves = st.one_of(numbers, st.sampled_from([*(("symbol", name) for name in POINT), ("pi",), ("e",)]))


def larger(parts: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    two, functions = st.tuples(parts, parts), st.sampled_from(["log", "exp", "sqrt", "negative"])
    return st.one_of(
        st.lists(parts, min_size=2, max_size=4).map(lambda terms: ("sum", *terms)),
        st.lists(parts, min_size=2, max_size=4).map(lambda factors: ("product", *factors)),
        two.map(lambda pair: ("quotient", *pair)),
        two.map(lambda pair: ("power", *pair)),
        st.tuples(functions, parts),
        parts.map(lambda part: ("root", ("number", "3"), part)),
    )


trees = st.recursive(leaves, larger, max_leaves=12)


@given(trees)
@settings(derandomize=True, max_examples=300, deadline=None)
def test_what_is_shown_is_read_again_and_means_the_same(answer_with: Callable[..., Any], tree: Any) -> None:
    from computing import values
    from reading import read
    from showing import latex, plain

    answer = answer_with(**LATEX)
    (value,) = values(tree, answer, [POINT])
    for shown in (plain(tree, answer), latex(tree, answer)):
        reading = read(shown, answer)
        assert all(note.startswith(("The power was read as", "Only the 1 was read")) for note in reading.notes), shown
        (again,) = values(reading.tree, answer, [POINT])
        if isinstance(value, str):
            assert isinstance(again, str), shown
        else:
            assert math.isclose(again, value, rel_tol=1e-15), shown
        assert read(latex(reading.tree, answer), answer).tree == reading.tree


@given(trees)
@settings(derandomize=True, max_examples=300, deadline=None)
def test_a_value_agrees_with_floats(answer_with: Callable[..., Any], tree: Any) -> None:
    from computing import value

    expected = in_floats(tree)
    assert math.isclose(value(tree, answer_with(**LATEX), POINT), expected, rel_tol=1e-9, abs_tol=1e-300)


def in_floats(tree: Any) -> float:
    """The value by Python's floats. It gives up where these lose more than two digits."""
    kind, *parts = tree
    if kind in ("number", "symbol"):
        return float(parts[0] if kind == "number" else POINT[parts[0]])
    if kind in ("pi", "e"):
        return math.pi if kind == "pi" else math.e
    values = [in_floats(part) for part in parts]
    first, last = values[0], values[-1]
    found = 0.0
    match kind:
        case "sum":
            found = math.fsum(values)
            assume(abs(found) > 0.01 * sum(map(abs, values)))
        case "product":
            found = math.prod(values)
        case "negative":
            found = -first
        case "quotient":
            assume(last != 0)
            found = first / last
        case "power":
            whole = last == int(last) if abs(last) < 9 else False
            assume(abs(last) < 9 and (first > 0 or (first < 0 and whole and parts[1][0] == "number")))
            found = first**last
        case "log":
            assume(first > 0 and abs(first - 1) > 0.01)
            found = math.log(first)
        case "exp":
            assume(abs(first) < 9)
            found = math.exp(first)
        case "sqrt":
            assume(first > 0)
            found = math.sqrt(first)
        case "root":
            assume(last > 0)
            found = last ** (1 / first)
    assume(found == 0 or 1e-200 < abs(found) < 1e200)
    return found
