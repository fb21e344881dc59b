"""How a wrong answer differs: each transformation is found on random arrays, chance is not, and nothing is revealed."""

import math
import re
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from grader.judge.compare import compare
from grader.judge.difference import difference, only_the_gradient
from grader.judge.telling import VALUES_FIRST
from grader.judge.verdict import Mismatch
from grader.sandbox.wire import Array

House = Any  # tests/conftest.py
Values = np.ndarray
ATOL = 1e-6
SEEDS = st.integers(0, 2**32 - 1)


def tensor(values: Any) -> Array:
    data = np.asarray(values)
    return Array("tensor", data.dtype.name, data)


def differs(came: Any, expected: Any, atol: float = ATOL, rtol: float = 0.0) -> str:
    """The difference of what a check would refuse."""
    came, expected = (tensor(x) if isinstance(x, (np.ndarray, np.generic)) else x for x in (came, expected))
    with pytest.raises(Mismatch):
        compare(came, expected, atol=atol, rtol=rtol)
    return difference(came, expected, atol, rtol)


def sigmoid(x: Values) -> Values:
    return 1 / (1 + np.exp(-x))


# ---- one array: rows, columns -> a wrong answer and its words ------------------------------------------------------

SAME_SHAPE: dict[str, tuple[Callable[[Values], Any], str]] = {
    "sign": (lambda e: -e, "has the opposite sign"),
    "twice": (lambda e: 2 * e, "is twice the right one"),
    "half": (lambda e: e / 2, "is half the right one"),
    "zero": (lambda e: 0 * e, "is zero everywhere"),
    "constant": (lambda e: np.full_like(e, 3.25), "has the same value everywhere"),
    "row repeated": (lambda e: np.repeat(e[:1], len(e), 0), "has the same values in every row"),
    "column repeated": (lambda e: np.repeat(e[:, :1], e.shape[1], 1), "has the same values in every column"),
    "relu": (lambda e: np.maximum(e, 0), "has zero wherever it should be negative"),
    "abs": (abs, "has lost its signs: all of it is positive"),
    "square": (np.square, "is the square of the right one"),
    "exp": (np.exp, "is the exponential of the right one"),
    "softmax": (lambda e: np.exp(e) / np.exp(e).sum(-1, keepdims=True), "is the softmax of the right one"),
    "sigmoid": (sigmoid, "is the sigmoid of the right one"),
    "one over": (lambda e: 1 / e, "is one divided by the right one"),
    "factor": (lambda e: 2.7182 * e, "is the right one times a constant factor"),
    "negative factor": (lambda e: -0.3 * e, "is the right one times a constant factor"),
    "offset": (lambda e: e - 0.77, "is off by the same amount everywhere"),
    "summed": (lambda e: e * e.size, "as if a sum stood where a mean belongs"),
    "summed over rows": (lambda e: e * len(e), "as if a sum stood where a mean belongs"),
    "averaged": (lambda e: e / e.size, "as if a mean stood where a sum belongs"),
    "rows reversed": (lambda e: e[::-1], "is in reversed order"),
    "columns reversed": (lambda e: e[:, ::-1], "is in reversed order"),
    "rolled": (lambda e: np.roll(e, 1, 0), "is shifted by one step"),
    "late": (lambda e: np.concatenate([np.zeros((1, e.shape[1])), e[:-1]]), "is shifted by one step"),
    "early": (lambda e: np.concatenate([e[:, 1:], np.ones((len(e), 1))], axis=1), "is shifted by one step"),
    "rows": (lambda e: e[[2, 0, 1, *range(3, len(e))]], "rows in another order"),
    "columns": (lambda e: e[:, [1, 0, *range(2, e.shape[1])]], "has the right columns in another order"),
    "running sum": (lambda e: np.cumsum(e, 0), "is a running sum of the right values"),
    "steps": (lambda e: np.diff(e, axis=1, prepend=0), "lacks a running sum: its running sum is right"),
    "first row": (lambda e: np.concatenate([e[:1] + 1, e[1:]]), "is right except for the first row"),
    "last row": (lambda e: np.concatenate([e[:-1], e[-1:] * 3]), "is right except for the last row"),
    "last column": (lambda e: np.concatenate([e[:, :-1], e[:, -1:] + 1], 1), "is right except for the last column"),
    "first row only": (lambda e: np.concatenate([e[:1], e[1:] ** 2 + 1]), "is right in the first row only"),
    "one row": (lambda e: np.where(np.arange(len(e))[:, None] == 1, 9.5, e), "is right except for one row"),
    "above": (lambda e: np.where(np.tri(*e.shape) > 0, e, 0), "is right except above the diagonal"),
    "below": (lambda e: np.triu(e), "is right except below the diagonal"),
    "negative ones": (lambda e: np.where(e < 0, e + 7, e), "is right except where it should be negative"),
}


def arrays(seed: int, rows: int, columns: int) -> Values:
    """Of both signs, without coincidences, nowhere near 0."""
    rng = np.random.default_rng(seed)
    values = rng.uniform(0.2, 3, size=(rows, columns)) * rng.choice([-1, 1], size=(rows, columns))
    values[0, 0], values[0, 1], values[1, 0], values[1, 1] = -1.1, 1.3, 1.7, -0.6
    return values


@pytest.mark.parametrize("what", SAME_SHAPE)
@settings(max_examples=10, deadline=None)
@given(seed=SEEDS, rows=st.integers(4, 7), columns=st.integers(4, 7))
def test_each_transformation_is_found(what: str, seed: int, rows: int, columns: int) -> None:
    transform, words = SAME_SHAPE[what]
    expected = arrays(seed, rows, columns)
    assert words in differs(transform(expected), expected)


def test_a_softmax_may_be_computed_in_another_way() -> None:
    """The last bits of an exponential differ between formulas and between processors."""
    for seed in range(50):
        expected = arrays(seed, 5, 7)
        came = np.exp(expected - 30) / np.exp(expected - 30).sum(-1, keepdims=True)
        assert "is the softmax of the right one" in differs(came * (1 + 1e-13), expected)
    assert differs(came * 1.001, expected) == ""


@pytest.mark.parametrize("what", ["sign", "twice", "factor", "offset", "summed", "square"])
@settings(max_examples=10, deadline=None)
@given(seed=SEEDS)
def test_single_precision_is_enough(what: str, seed: int) -> None:
    transform, words = SAME_SHAPE[what]
    expected = arrays(seed, 4, 5).astype(np.float32)
    assert words in differs(np.asarray(transform(expected), np.float32), expected, atol=1e-5)


LINES: dict[str, tuple[Callable[[Values], Any], str]] = {
    "entries": (lambda e: e[[3, 0, 4, 1, 2, *range(5, len(e))]], "has the right values in another order"),
    "reversed": (lambda e: e[::-1], "is in reversed order"),
    "shifted": (lambda e: np.append(e[1:], 0.0), "is shifted by one step"),
    "last": (lambda e: np.append(e[:-1], 5.5), "is right except for the last entry"),
    "column": (lambda e: e[:, None], "has the right values, but a dimension too many"),
    "row": (lambda e: e[None], "has the right values, but a dimension too many"),
    "pairs": (lambda e: e[:, None] - 3 * e[None] + 3 * e[:, None], "and only its diagonal is right"),
    "repeated": (lambda e: np.stack([e, e, e]), "repeats the right one along a dimension too many"),
    "not averaged": (lambda e: np.stack([e - 1, e + 3, e - 2]), "has a dimension too many: the mean over it is right"),
    "not summed": (lambda e: np.stack([e / 2, e, -e / 2], 1), "has a dimension too many: the sum over it is right"),
    "last missing": (lambda e: e[:-1], "lacks the last entry; the rest is right"),
    "first missing": (lambda e: e[1:], "lacks the first entry; the rest is right"),
    "one more": (lambda e: np.append(e, 1.0), "has one entry too many, the last; the rest is right"),
    "one before": (lambda e: np.append(0.0, e), "has one entry too many, the first; the rest is right"),
    "partly nan": (lambda e: np.where(np.arange(len(e)) == 2, np.nan, e), "is right wherever it is finite"),
}


@pytest.mark.parametrize("what", LINES)
@settings(max_examples=10, deadline=None)
@given(seed=SEEDS, size=st.integers(6, 12))
def test_each_transformation_of_a_line_is_found(what: str, seed: int, size: int) -> None:
    transform, words = LINES[what]
    expected = np.random.default_rng(seed).normal(size=size)
    assert words in differs(transform(expected), expected)


def test_an_order_that_accounts_for_all_values_comes_before_places_that_account_for_some() -> None:
    expected = np.array([-1.9, -1.1, -1.3, -0.8, -0.2, 0.33, 0.82])
    came = expected[[3, 0, 4, 1, 2, 5, 6]]  # which is right just where it should be positive
    assert "has the right values in another order" in differs(came, expected)
    other = np.where(expected < 0, expected - [3.1, 1.2, 5.3, 2.7, 0.4, 0, 0], expected)
    assert "is right except where it should be negative" in differs(other, expected)


@settings(max_examples=10, deadline=None)
@given(seed=SEEDS)
def test_other_shapes_of_tables_and_blocks(seed: int) -> None:
    e = np.random.default_rng(seed).normal(size=(4, 5))
    square, block = np.random.default_rng(seed).normal(size=(4, 4)), np.random.default_rng(seed).normal(size=(2, 3, 4))
    assert "is transposed" in differs(e.T, e)
    assert "is transposed" in differs(square.T, square)
    assert "is transposed" in differs(np.swapaxes(block, 0, 2), block)
    assert "but flattened" in differs(e.ravel(), e)
    assert "but in another shape" in differs(block.reshape(3, 8), block)
    assert "a dimension too few" in differs(e, e[:, None])
    assert "its dimensions in other places" in differs(e[None], e[:, None])
    assert "is a mean over a dimension that should stay" in differs(e.mean(1), e)
    assert "is a sum over a dimension that should stay" in differs(e.sum(0), e)
    assert "lacks the last row" in differs(e[:-1], e)
    assert "one column too many, the first" in differs(np.concatenate([e[:, :1], e], 1), e)
    for came in (e.T.reshape(4, 5), e.reshape(5, 4).T):
        assert "was brought into its shape by reshape where a transpose belongs" in differs(came, e)
    assert "is right except on the diagonal" in differs(square + np.eye(4), square)


def test_roots_and_logarithms_where_they_exist() -> None:
    e = np.random.default_rng(1).uniform(0.2, 3, size=6)
    assert "is the square root of the right one" in differs(np.sqrt(e), e)
    assert "is the logarithm of the right one" in differs(np.log(e), e)
    assert "lacks a sigmoid" in differs(np.log(e / (4 - e)), e / 4)
    assert "lacks a softmax" in differs(e, np.exp(e) / np.exp(e).sum())


def test_one_value_an_example_where_their_mean_is_asked_for() -> None:
    e = np.random.default_rng(1).normal(size=6)
    assert "the mean over it is right" in differs(e, np.mean(e))
    assert "the sum over it is right" in differs(e, np.sum(e))
    assert "the mean over it is right" in differs(np.full(3, 0.7312), np.float64(0.7312))
    assert differs(e, np.mean(e) + 1) == ""


def test_dtype_type_and_truth() -> None:
    e = np.random.default_rng(1).normal(size=5)
    assert differs(e.astype(np.float32), e) == "Your answer has the right values, but another dtype."
    assert differs(np.arange(4), np.arange(4.0)) == "Your answer has the right values, but another dtype."
    assert differs(e.tolist(), tensor(e)) == "Your answer has the right values, but another type."
    assert differs(Array("ndarray", "float64", e), tensor(e)) == "Your answer has the right values, but another type."
    assert differs(np.float64(0.37), 0.37) == "Your answer has the right values, but another type."
    assert differs((1.5, "a"), [1.5, "a"]) == "Your answer has the right values, but another type."
    assert differs(-e.astype(np.float32), e) == ""  # two things at once
    mask = np.random.default_rng(2).random((8, 8)) < 0.5
    assert "is true where it should be false" in differs(~mask, mask)
    assert differs(~mask[:1, :4], mask[:1, :4]) == ""  # four marks tell nothing
    assert "is transposed" in differs(mask.T, mask)


def test_parts_are_named_when_the_others_are_right() -> None:
    rng = np.random.default_rng(3)
    a, b = (tensor(rng.normal(size=shape)) for shape in ((4, 3), (5,)))
    minus_b, zero = tensor(-b.data), tensor(np.zeros((4, 3)))
    one, two = {"score": a, "rating": minus_b}, {"score": a, "rating": b}
    assert differs(one, two) == 'Your answer is right except for "rating", which has the opposite sign.'
    assert differs([zero, b], [a, b]) == "Your answer is right except for its first entry, which is zero everywhere."
    assert differs([a, zero, zero], [a, a, a]) == (
        "Your answer is right in some entries; in each of the others it is zero everywhere."
    )
    assert differs({"a": minus_b, "b": zero}, {"a": b, "b": a}) == ""
    halves = {"a": tensor(a.data / 3), "b": 0.1}
    assert differs(halves, {"a": a, "b": 0.3}) == "Your answer is the right one times a constant factor."
    assert differs({"x": 0.731, "y": 2.19}, {"y": 0.731, "x": 2.19}) == (
        "Your answer has the right values under swapped keys."
    )
    assert differs([b, a], [a, b]) == "Your answer has the right values in each other's places."
    assert differs({"mse": b, "a": a}, {"loss": b, "a": a}) == (
        "Your answer has the right values under other keys than asked for."
    )
    assert differs({"a": a}, {"a": a, "b": b}) == (
        "Your answer has too few keys; what it has of those asked for is right."
    )
    assert differs([a], [a, b]) == "Your answer lacks the last entry; the rest is right."
    assert differs({"x": 1, "y": 2}, {"y": 1, "x": 2}) == ""  # two counts tell nothing


def test_lists_of_numbers_are_arrays() -> None:
    e = np.random.default_rng(4).normal(size=6).tolist()
    assert differs(e[::-1], e) == "Your answer is in reversed order."
    assert differs([*e[:-1], 9.25], e) == "Your answer is right except for the last entry."


# ---- what must not be found ----------------------------------------------------------------------------------------


@settings(max_examples=100, deadline=None)
@given(seed=SEEDS, shape=npst.array_shapes(max_dims=3, min_side=1, max_side=6), other=npst.array_shapes(max_dims=3))
def test_unrelated_arrays_have_nothing_in_common(seed: int, shape: tuple[int, ...], other: tuple[int, ...]) -> None:
    rng = np.random.default_rng(seed)
    expected = rng.normal(size=shape)
    assert differs(rng.normal(size=shape), expected) == ""
    assert differs(rng.normal(size=(*other, 2)), expected) == ""
    noise = rng.normal(size=shape)
    assert differs(expected + np.where(abs(noise) < 0.1, 0.1, noise), expected) == ""


@settings(max_examples=100, deadline=None)
@given(seed=SEEDS, size=st.integers(1, 6), values=st.integers(2, 5))
def test_a_few_small_counts_tell_nothing(seed: int, size: int, values: int) -> None:
    came, expected = np.random.default_rng(seed).integers(values, size=(2, size))
    assume(came.any() and (came != expected).any() and np.ptp(came) > 0)
    assert differs(came, expected) == ""
    assert differs(came.astype(float), expected.astype(float)) == ""
    assert differs(came.tolist(), expected.tolist()) == ""


@settings(max_examples=100, deadline=None)
@given(came=st.floats(-10, 10), expected=st.floats(-10, 10))
def test_a_number_is_only_the_opposite_twice_or_half(came: float, expected: float) -> None:
    assume(abs(came - expected) > ATOL)
    found = differs(came, expected)
    ratios = {"has the opposite sign": -1.0, "is twice the right one": 2.0, "is half the right one": 0.5}
    if found:
        words = found.removeprefix("Your answer ").removesuffix(".")
        assert came == pytest.approx(ratios[words] * expected, abs=2 * ATOL)


@pytest.mark.parametrize("expected", [0.7312, np.float64(0.7312), np.full(3, 0.7312)])
@pytest.mark.parametrize(("ratio", "words"), [(-1, "opposite sign"), (2, "twice"), (0.5, "half"), (3, ""), (-2, "")])
def test_numbers_and_equal_entries_know_fixed_ratios_only(expected: Any, ratio: float, words: str) -> None:
    found = differs(expected * ratio, expected)
    assert words in found if words else found == ""


@pytest.mark.parametrize(("came", "expected"), [(1.0, 2.0), (0.5, 1.0), (2, 1), (-1, 1), (0.0, 1.3), (0, 3)])
def test_round_numbers_are_too_common(came: float, expected: float) -> None:
    assert differs(came, expected) == ""


@pytest.mark.parametrize("expected", [1 / 3, 0.4, 5 / 12, float(np.float32(1 / 3))])
def test_twice_a_share_of_few_things_is_no_finding_and_another_sign_is(expected: float) -> None:
    assert differs(2 * expected, expected, atol=1e-8) == differs(expected / 2, expected, atol=1e-8) == ""
    assert "opposite sign" in differs(-expected, expected, atol=1e-8)


def test_what_is_only_a_little_off_gets_no_words() -> None:
    """Or an answer could be found by guessing roughly and then better."""
    e = np.random.default_rng(5).normal(size=8)
    for off in (1.5, 3, 9):
        assert differs(e + off * ATOL, e) == ""
    assert differs(-e + 3 * ATOL, e) == ""
    assert differs(2.7 * e + 20 * ATOL * np.arange(8), e) == ""


def test_tolerances_so_wide_that_all_agrees_tell_nothing() -> None:
    rng = np.random.default_rng(6)
    tiny = 1e-7 * rng.normal(size=12)
    assert differs(tiny + 1, tiny) in ("", "Your answer is off by the same amount everywhere.")
    assert differs(rng.normal(size=12), tiny) == ""
    coarse = rng.normal(size=5)
    assert differs(coarse[::-1] + 3, coarse, atol=0.5) == ""


# ---- what a student learns -----------------------------------------------------------------------------------------


def everything_said() -> Iterator[str]:
    expected, line = arrays(7, 5, 6), np.random.default_rng(7).normal(size=8)
    yield from (differs(transform(expected), expected) for transform, _ in SAME_SHAPE.values())
    yield from (differs(transform(line), line) for transform, _ in LINES.values())
    yield only_the_gradient(tensor(0 * line), tensor(line), ATOL, 0.0)
    yield only_the_gradient(tensor(3.3 * line), tensor(line), ATOL, 0.0)


def test_no_amount_size_or_direction_is_said() -> None:
    said = list(everything_said())
    assert all(said)
    for sentence in said:
        assert not re.search(r"\d", sentence)
        assert not re.search(r"\b(large|larger|small|smaller|above|more|less|high|low) (?!the diagonal)", sentence)


@settings(max_examples=50, deadline=None)
@given(seed=SEEDS, factor=st.floats(0.01, 100), offset=st.floats(-50, 50))
def test_amounts_do_not_change_the_sentence(seed: int, factor: float, offset: float) -> None:
    e = np.random.default_rng(seed).normal(size=7)
    assume(min(abs(factor - fixed) for fixed in (0.5, 1, 2, 7, 1 / 7)) > 1e-3 and abs(offset) > 1e-3)
    assert differs(factor * e, e, atol=1e-9) == differs(1.234 * e, e, atol=1e-9)
    assert differs(e + offset, e, atol=1e-9) == differs(e + 1.234, e, atol=1e-9)


def test_keys_that_are_no_words_are_not_repeated() -> None:
    """Only expected ones could be, and even these may hold what was computed."""
    keys = ["user 4711", "a" * 60, "\x1b[2J", "ключ"]
    for key in keys:
        found = differs({key: 1.5, "other": 2}, {key: 0.37, "other": 2})
        assert found == "Your answer is right except for one key."


def test_a_constant_answer_learns_no_more_than_that_it_is_constant() -> None:
    for seed in range(20):
        e = np.random.default_rng(seed).normal(size=(3, 4))
        for guess in (-1.0, 0.25, 1.0, 7.0):
            assert differs(np.full((3, 4), guess), e) == "Your answer has the same value everywhere."


@pytest.mark.parametrize("known", range(4))
def test_an_entry_that_is_unknown_cannot_be_closed_in_on(known: int) -> None:
    """All entries but one are right: the same words wherever the last guess lies."""
    e = np.random.default_rng(8).normal(size=6)
    said = set()
    for guess in (-1e6, -50.0, e[-1] - 1e-3, e[-1] + 1e-3, 2.5, 1e6):
        came = e.copy()
        came[-1] = guess
        said.add(differs(came[known:], e[known:]))
    assert said == {"Your answer is right except for the last entry."}


# ---- anything at all -----------------------------------------------------------------------------------------------

SCALARS = st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats() | st.text(max_size=5)
ARRAYS = st.builds(
    tensor,
    npst.arrays(
        st.sampled_from(["?", "u1", "i8", "<f2", "<f4", "<f8", "<c8"]), npst.array_shapes(min_dims=0, min_side=0)
    ),
)
VALUES = st.recursive(
    SCALARS | ARRAYS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(st.text(max_size=3), inner, max_size=4)
    ),
    max_leaves=8,
)


@settings(max_examples=200, deadline=None)
@given(came=VALUES, expected=VALUES, atol=st.sampled_from([0.0, 1e-8, 1e-2]), rtol=st.sampled_from([0.0, 1e-5]))
def test_never_raises(came: Any, expected: Any, atol: float, rtol: float) -> None:
    for said in (difference(came, expected, atol, rtol), difference([came], [expected], atol, rtol)):
        assert said == "" or (said.startswith("Your answer ") and said.endswith("."))
    assert only_the_gradient(came, expected, atol, rtol).startswith("The values are right")


@settings(max_examples=100, deadline=None)
@given(
    pair=npst.array_shapes(min_dims=0, max_dims=3, max_side=4).flatmap(
        lambda shape: st.tuples(*[npst.arrays("<f8", shape, elements=st.floats())] * 2)
    )
)
def test_never_raises_for_any_two_arrays_of_one_shape(pair: tuple[Values, Values]) -> None:
    assert isinstance(difference(tensor(pair[0]), tensor(pair[1]), 0.0, 0.0), str)


@pytest.mark.parametrize("value", [math.nan, math.inf, 1e308, 5e-324])
def test_extreme_values_are_no_trouble(value: float) -> None:
    e = np.random.default_rng(9).normal(size=(4, 4))
    for came in (np.full((4, 4), value), np.where(e < 0, value, e), np.full(16, value), np.full((4, 4, 4), value)):
        assert isinstance(differs(came, e), str)


def test_what_is_huge_is_left_alone() -> None:
    e = np.random.default_rng(10).normal(size=60_000)
    assert differs(-e, e) == ""
    assert differs(-e[:1000], e[:1000]) == "Your answer has the opposite sign."


# ---- in a judge ----------------------------------------------------------------------------------------------------

GRADIENTS = """
@problem("1", points=1)
def test_values(ask: Ask) -> None:
    '''Twice the input.'''
    ask("twice", x=ask.rng.normal(size=5)).same_as_reference()

@problem("1", points=1, of="gradients")
def test_gradient(ask: Ask) -> None:
    '''The gradient is 2.'''
    ask("slopes", x=ask.rng.normal(size=5), upstream=ask.rng.normal(size=5)).same_as_reference()
"""
SLOPES = """
def slopes(x, upstream):
    tiny.twice(x.requires_grad_()).backward(upstream)
    return torch.zeros_like(x) if x.grad is None else x.grad
"""


@pytest.fixture
def gradients(house: House) -> House:
    house.probes(f"import torch\nimport tiny\n{SLOPES}")
    house.checks(GRADIENTS, points={"1": 2})
    return house


def test_where_values_are_wrong_a_gradient_is_told_to_wait_for_them(gradients: House) -> None:
    hint = "Look for .detach()."
    gradients.checks(
        GRADIENTS.replace(
            "upstream=ask.rng.normal(size=5)).same_as_reference(",
            f"upstream=ask.rng.normal(size=5)).same_as_reference(hint={hint!r}",
        ),
        points={"1": 2},
    )
    for body, told in (("-2 * x", VALUES_FIRST), ("x + x.detach()", hint)):
        checks = gradients.judge_one(gradients.but(f"def twice(x):\n    return {body}\n"))
        assert checks["test_gradient"].hint == told


def test_a_check_that_failed_at_the_same_gradient_says_nothing_of_values(gradients: House) -> None:
    hint = "Look for .detach()."
    both = """
@problem("1", points=1)
def test_both(ask: Ask) -> None:
    '''Twice the input, and so is the gradient.'''
    ask("twice", x=ask.rng.normal(size=5)).same_as_reference()
    ask("slopes", x=ask.rng.normal(size=5), upstream=np.ones(5)).same_as_reference()
"""
    of_gradients = GRADIENTS.replace("size=5)).same_as_reference(", f"size=5)).same_as_reference(hint={hint!r}")
    gradients.checks(of_gradients + both, points={"1": 3})
    for body, told in (("-2 * x", VALUES_FIRST), ("x + x.detach()", hint)):
        checks = gradients.judge_one(gradients.but(f"def twice(x):\n    return {body}\n"))
        assert checks["test_both"].verdict == "failed"
        assert checks["test_gradient"].hint == told


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (
            "return 2 * x.detach() + 0 * x",
            "The values are right, only their gradient is wrong: it is zero everywhere, as if .detach(), ",
        ),
        ("return x + x.detach()", "The values are right, only their gradient is wrong: it is half the right one."),
        (
            "return 2 * x.detach()",
            "The values are right; it goes wrong only where their gradient is asked for, as if .detach(),",
        ),
        ("return -2 * x", "Your answer has the opposite sign."),
    ],
)
def test_only_the_gradient_is_wrong(gradients: House, body: str, says: str) -> None:
    checks = gradients.judge_one(gradients.but(f"def twice(x):\n    {body}\n"))
    diagnosis = checks["test_gradient"].diagnosis
    assert diagnosis is not None
    assert diagnosis.says.startswith(says)
    assert (diagnosis.mutant, diagnosis.shown) == ("", "always")


def test_a_right_answer_has_no_diagnosis(house: House) -> None:
    assert {check.diagnosis for check in house.judge_one(house.reference).values()} == {None}
