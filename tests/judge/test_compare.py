"""Comparing: type, dtype, shape, finiteness, and only then values."""

import math
import struct
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from grader.errors import GraderError
from grader.judge import close
from grader.judge.compare import compare, show
from grader.judge.verdict import Mismatch
from grader.sandbox.wire import Array

NAN, INF = math.nan, math.inf


def tensor(values: Any, dtype: str = "float64") -> Array:
    return Array("tensor", dtype, np.array(values, np.float32 if dtype == "bfloat16" else dtype))


def ndarray(values: Any, dtype: str = "float64") -> Array:
    return Array("ndarray", dtype, np.array(values, dtype))


def agrees(came: Any, expected: Any, atol: float = 1e-6, rtol: float = 0.0) -> bool:
    try:
        compare(came, expected, atol=atol, rtol=rtol)
    except Mismatch:
        return False
    return True


@pytest.mark.parametrize(
    ("came", "expected", "says"),
    [
        # types
        ([1.0, 2.0], tensor([1.0, 2.0]), "The answer is a list, but should be a tensor."),
        (ndarray([1.0]), tensor([1.0]), "The answer is a numpy array, but should be a tensor."),
        (tensor(1.0), 1.0, "The answer is a tensor, but should be a float."),
        (1.0, tensor(1.0), "The answer is a float, but should be a tensor."),
        (1, 1.0, "The answer is an int, but should be a float."),
        (1.0, 1, "The answer is a float, but should be an int."),
        (True, 1, "The answer is a bool, but should be an int."),
        (1, True, "The answer is an int, but should be a bool."),
        (0, None, "The answer is an int, but should be None."),
        (None, 0.0, "The answer is None, but should be a float."),
        ((1, 2), [1, 2], "The answer is a tuple, but should be a list."),
        ("1", 1, "The answer is text, but should be an int."),
        # dtypes and shapes: nothing is converted, nothing broadcasts
        (tensor([1.0], "float32"), tensor([1.0]), "The answer has dtype float32, but should have float64."),
        (tensor([1.0], "float32"), tensor([1.0], "bfloat16"), "The answer has dtype float32, but should"),
        (tensor([True], "bool"), tensor([1], "int64"), "The answer has dtype bool, but should have int64."),
        (tensor([[1.0, 2.0]]), tensor([1.0, 2.0]), "The answer has shape (1, 2), but should have (2,)."),
        (tensor([1.0]), tensor(1.0), "The answer has shape (1,), but should have ()."),
        (tensor(1.0), tensor(np.ones((3, 4))), "The answer has shape (), but should have (3, 4)."),
        (tensor(np.ones((0, 3))), tensor(np.ones((3, 0))), "The answer has shape (0, 3), but should have (3, 0)."),
        (tensor([]), tensor([1.0]), "The answer has shape (0,), but should have (1,)."),
        # what is not finite agrees with nothing
        (NAN, 1.0, "The answer is nan."),
        (-INF, 1.0, "The answer is -inf."),
        (tensor([NAN, 1.0, INF]), tensor([1.0, 1.0, 1.0]), "The answer has 2 of 3 values that are NaN or infinite."),
        (tensor([complex(0, NAN)], "complex128"), tensor([0j], "complex128"), "The answer has 1 of 1 values that"),
        # values
        (2.0, 1.0, "The answer has another value than expected."),
        (2, 1, "The answer has another value than expected."),
        (False, True, "The answer has another value than expected."),
        ("Yes", "yes", "The answer has another value than expected."),
        (tensor(2.0), tensor(1.0), "The answer has other values than expected."),
        (tensor([1.0, 2.0, 3.0]), tensor([1.0, 0.0, 0.0]), "The answer has other values than expected (2 of 3"),
        (tensor([2**53 + 1], "int64"), tensor([2**53], "int64"), "The answer has other values than expected (1 of 1"),
        (tensor([0], "uint8"), tensor([255], "uint8"), "The answer has other values than expected (1 of 1"),
        # places inside
        ([1, 2, 3], [1, 2], "The answer has another length than asked for."),
        ([], [1], "The answer has another length than asked for."),
        ({"a": 1}, {"a": 1, "b": 2}, "The answer has other keys than asked for."),
        ({"a": 1, "b": 2}, {"a": 1}, "The answer has other keys than asked for."),
        ([1, [2, 3.5]], [1, [2, 3.0]], "The answer[1][1] has another value than expected."),
        ({"w": ({"b": tensor([1.0])},)}, {"w": ({"b": tensor([2.0])},)}, "The answer['w'][0]['b'] has other values"),
    ],
)
def test_what_differs_is_told_with_its_place(came: Any, expected: Any, says: str) -> None:
    with pytest.raises(Mismatch) as told:
        compare(came, expected, atol=1e-6, rtol=0.0, hint="Look again.")
    assert told.value.summary.startswith(says)
    assert told.value.hint
    if not any(word in says for word in (" is a", " is None", " is text", " dtype")):  # these have hints of their own
        assert told.value.hint == "Look again."
    assert told.value.credit == 0
    assert told.value.came
    assert told.value.expected


@pytest.mark.parametrize(
    ("came", "expected"),
    [
        (-0.0, 0.0),
        (tensor([-0.0]), tensor([0.0])),
        (tensor([]), tensor([])),
        (tensor(np.zeros((2, 0))), tensor(np.zeros((2, 0)))),
        ([], []),
        ({}, {}),
        (None, None),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}),  # a dict has no order
        (tensor([1.0], "bfloat16"), tensor([1.0], "bfloat16")),
        (tensor([1 + 1e-9j], "complex128"), tensor([1 + 0j], "complex128")),
        (tensor([65504.0], "float16"), tensor([65504.0], "float16")),
    ],
)
def test_what_agrees(came: Any, expected: Any) -> None:
    compare(came, expected, atol=1e-6, rtol=0.0)


@pytest.mark.parametrize(
    ("came", "expected", "atol", "rtol", "good"),
    [
        (1.5, 1.0, 0.5, 0.0, True),  # the bound itself is inside
        (1.5000001, 1.0, 0.5, 0.0, False),
        (-1.5, -1.0, 0.5, 0.0, True),
        (150.0, 100.0, 0.0, 0.5, True),  # relative to what was expected
        (100.0, 150.0, 0.0, 0.5, True),
        (50.0, 100.0, 0.0, 0.5, True),
        (100.0, 50.0, 0.0, 0.5, False),
        (0.0, 0.0, 0.0, 0.0, True),
        (5e-324, 0.0, 0.0, 0.0, False),
        (5e-324, 0.0, 0.0, 1e300, False),  # rtol is of no use around 0
        (1.7e308, -1.7e308, 1.0, 0.0, False),  # the difference overflows
        (0.41, 0.4, 1e-6, 0.0, False),
    ],
)
def test_the_edge_of_tolerance(came: float, expected: float, atol: float, rtol: float, good: bool) -> None:
    assert agrees(came, expected, atol, rtol) is good
    assert agrees(tensor([came]), tensor([expected]), atol, rtol) is good


def test_float16_is_subtracted_in_float64() -> None:
    assert not agrees(tensor([60000.0], "float16"), tensor([-60000.0], "float16"), atol=1.0)
    assert agrees(tensor([60000.0], "float16"), tensor([59968.0], "float16"), atol=32.0)


@pytest.mark.parametrize("expected", [NAN, INF, tensor([1.0, NAN]), [1.0, -INF], {"a": tensor(INF)}])
def test_a_reference_that_is_not_finite_is_our_fault(expected: Any) -> None:
    with pytest.raises(GraderError, match="reference"):
        compare(expected, expected, atol=1e-6, rtol=0.0)


def test_nan_on_both_sides_does_not_pass() -> None:
    assert not agrees([NAN, 1.0], [0.0, 1.0])
    with pytest.raises(GraderError):
        compare(NAN, NAN, atol=1e-6, rtol=0.0)


def test_what_is_shown_is_short() -> None:
    compare_with = tensor(np.arange(10_000.0))
    with pytest.raises(Mismatch) as told:
        compare(tensor(np.zeros(10_000)), compare_with, atol=0.0, rtol=0.0)
    assert len(told.value.expected) < 450
    assert ", ..., " in told.value.expected
    assert show("x" * 10_000).endswith(" …")


def test_close_compares_what_a_check_holds() -> None:
    close(np.float64(1.0), 1.0, atol=0.0)
    close({"loss": np.zeros(3)}, {"loss": np.zeros(3)}, atol=0.0)
    with pytest.raises(Mismatch, match="the loss has another value"):
        close(1.1, 1.0, atol=1e-3, what="the loss")
    with pytest.raises(Mismatch, match=r"shape \(3, 1\), but should have \(3,\)"):
        close(np.zeros((3, 1)), np.zeros(3), atol=1.0)


# ---- whatever the value --------------------------------------------------------------------------------------------

finite = st.floats(allow_nan=False, allow_infinity=False)
arrays = st.sampled_from(["float64", "float32", "int64", "bool"]).flatmap(
    lambda dtype: npst.arrays(
        dtype,
        npst.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=3),
        elements=npst.from_dtype(np.dtype(dtype), allow_nan=False, allow_infinity=False),
    ).map(lambda data: Array("tensor", dtype, data))
)
leaves = st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | finite | st.text(max_size=4) | arrays
values = st.recursive(
    leaves,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=6,
)


@given(values)
def test_a_value_agrees_with_itself_exactly(value: Any) -> None:
    compare(value, value, atol=0.0, rtol=0.0)


@given(values, leaves)
def test_a_list_with_one_more_item_never_agrees(value: Any, more: Any) -> None:
    assert not agrees([value, more], [value], atol=INF)


@given(
    st.floats(-1e6, 1e6),
    st.floats(1e-9, 1e3),
    st.sampled_from([-1.0, 1.0]),
    st.floats(1.001, 1e6),
    st.integers(1, 4).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n - 1))),
)
def test_one_number_beyond_tolerance_never_agrees(
    expected: float, atol: float, side: float, factor: float, place: tuple[int, int]
) -> None:
    size, index = place
    came = np.full(size, expected)
    came[index] += side * atol * factor
    if abs(came[index] - expected) > atol:  # rounding may eat a small step
        assert not agrees(tensor(came), tensor(np.full(size, expected)), atol=atol)
        assert not agrees(float(came[index]), expected, atol=atol)


@given(finite, finite, st.floats(0, 1e3), st.floats(0, 1))
def test_scalars_and_tensors_are_judged_alike(came: float, expected: float, atol: float, rtol: float) -> None:
    assert agrees(came, expected, atol, rtol) == agrees(tensor(came), tensor(expected), atol, rtol)


@given(st.integers(0, 2**16 - 1))
def test_bfloat16_agrees_with_itself_bit_by_bit(bits: int) -> None:
    (number,) = struct.unpack("<f", struct.pack("<I", bits << 16))
    if math.isfinite(number):
        compare(tensor([number], "bfloat16"), tensor([number], "bfloat16"), atol=0.0, rtol=0.0)
