"""The wire format gives back what went in, and answers every other sequence of bytes with `WireError`."""

from __future__ import annotations

import contextlib
import math
from typing import Any

import msgpack
import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from grader.sandbox import wire
from grader.sandbox.wire import Array, WireError

NUMBERS = st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False)
PLAIN = st.none() | st.booleans() | NUMBERS | st.text(st.characters(exclude_categories=["Cs"]))
NESTED = st.recursive(
    PLAIN,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.tuples(inner, inner)
        | st.dictionaries(st.text("abc", max_size=3), inner, max_size=4)
    ),
    max_leaves=20,
)
SENDABLE_DTYPES = [dtype for name, dtype in wire.DTYPES.items() if name != "bfloat16"]
ARRAYS = st.sampled_from(SENDABLE_DTYPES).flatmap(
    lambda dtype: hnp.arrays(dtype, hnp.array_shapes(min_dims=0, min_side=0))
)


@given(NESTED)
def test_plain_values_come_back_equal_and_of_the_same_type(value: Any) -> None:
    came = wire.decode(wire.encode(value))
    assert repr(came) == repr(value)


@given(ARRAYS)
def test_arrays_come_back_with_shape_dtype_and_every_bit(array: np.ndarray) -> None:
    came = wire.decode(wire.encode({"a": array, "b": [array]}))["a"]
    assert (came.kind, came.dtype, came.shape) == ("ndarray", array.dtype.name, array.shape)
    assert came.data.tobytes() == array.tobytes()
    assert not came.data.flags.writeable


def test_not_a_number_and_infinity_survive() -> None:
    came = wire.decode(wire.encode([float("nan"), float("inf"), np.float32("-inf")]))
    assert math.isnan(came[0])
    assert came[1] == math.inf
    assert came[2].data == -math.inf


@pytest.mark.parametrize("dtype", ["bool", "uint8", "int64", "float16", "bfloat16", "float32", "complex64"])
def test_tensors_come_back_as_arrays(dtype: str) -> None:
    tensor = torch.tensor([[0, 1, 1], [1, 0, 1]]).to(getattr(torch, dtype)).T  # not contiguous
    came = wire.decode(wire.encode(tensor))
    assert (came.kind, came.dtype, came.shape) == ("tensor", dtype, (3, 2))
    assert came.data.tolist() == tensor.tolist()


def test_parameters_and_conjugates_are_plain_tensors() -> None:
    assert wire.decode(wire.encode(torch.nn.Parameter(torch.ones(2)))).data.tolist() == [1, 1]
    assert wire.decode(wire.encode(torch.tensor([1 + 2j]).conj())).data.tolist() == [1 - 2j]


class Liar(int):
    @property
    def __class__(self) -> type:  # type: ignore[override]
        return int


class Subclass(torch.Tensor):
    pass


@pytest.mark.parametrize(
    "value",
    [
        2**63,
        -(2**63) - 1,
        "x" * (wire.MAX_TEXT + 1),
        {1: 2},
        {"a": {Liar(1)}},
        Liar(3),
        object(),
        len,
        Subclass(),
        torch.zeros(3).to_sparse(),
        torch.zeros(3, device="meta"),
        torch.zeros(1).expand(wire.MAX_BODY_BYTES),  # four bytes of memory, a gigabyte on the wire
        np.broadcast_to(np.zeros(1), (wire.MAX_BODY_BYTES,)),
        np.zeros((1,) * 9),
        np.array(["text"]),
        np.array([object()]),
        [0] * wire.MAX_VALUES,
        Array("tensor", "bfloat16", np.zeros(2, np.float32)),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_cannot_be_sent_is_an_error_and_never_cut(value: Any) -> None:
    with pytest.raises(WireError):
        wire.encode(value)


def test_nesting_has_a_limit() -> None:
    value: Any = 1
    for _ in range(wire.MAX_DEPTH):
        value = [value]
    assert wire.decode(wire.encode(value)) == value
    with pytest.raises(WireError, match="nested"):
        wire.encode([value])
    endless: list[Any] = []
    endless.append(endless)
    with pytest.raises(WireError, match="nested"):
        wire.encode(endless)


def framed(header: Any, body: bytes = b"") -> bytes:
    packed = header if isinstance(header, bytes) else msgpack.packb(header)
    return wire.PREFIX.pack(wire.MAGIC, len(packed), len(body)) + packed + body


EIGHT = bytes(8)


@pytest.mark.parametrize(
    "frame",
    [
        b"",
        b"LAT1",
        wire.encode(1)[:-1],
        wire.encode(1) + b"x",
        b"NOPE" + wire.encode(1)[4:],
        wire.PREFIX.pack(wire.MAGIC, 2**32 - 1, 0),
        wire.PREFIX.pack(wire.MAGIC, 1, 2**63),
        framed(b"\xc1"),
        framed(b""),
        framed(7),
        framed([]),
        framed([1]),
        framed(["?", 1]),
        framed(["n", 1]),
        framed(["i", True]),
        framed(["b", 1]),
        framed(["f", 1]),
        framed(["s", b"bytes"]),
        framed(["i", 2**63]),
        framed(["i"]),
        framed(["d", "a"]),
        framed(["d", "a", ["n"], "a", ["n"]]),
        framed(["d", 1, ["n"]]),
        framed(["n"], EIGHT),
        framed(["a", "tensor", "float64", [1], 0]),
        framed(["a", "tensor", "float64", [2], 0], EIGHT),
        framed(["a", "tensor", "float64", [-1], 0], EIGHT),
        framed(["a", "tensor", "float64", [True], 0], EIGHT),
        framed(["a", "tensor", "float64", [2**40, 2**40], 0], EIGHT),
        framed(["a", "tensor", "float64", [1] * 9, 0], EIGHT),
        framed(["a", "tensor", "float64", [1], 8], EIGHT * 2),
        framed(["a", "tensor", "object", [1], 0], EIGHT),
        framed(["a", "matrix", "float64", [1], 0], EIGHT),
        framed(["a", [], "float64", [1], 0], EIGHT),
        framed(["a", "tensor", "bool", [1], 0], b"\2" + bytes(7)),
        framed(
            ["l", ["a", "tensor", "float64", [1], 0], ["a", "tensor", "float64", [1], 0]], EIGHT
        ),  # the same bytes twice
        framed({"a": 1}),
        framed(msgpack.packb(msgpack.ExtType(1, b"x"))),
        framed(b"\x91" * 2000),
    ],
    ids=repr,
)
def test_a_breach_is_a_wire_error(frame: bytes) -> None:
    with pytest.raises(WireError):
        wire.decode(frame)


def test_sizes_are_refused_before_anything_is_read() -> None:
    with pytest.raises(WireError, match="over the limit"):
        wire.sizes(wire.PREFIX.pack(wire.MAGIC, 10, wire.MAX_BODY_BYTES + 1))


@settings(max_examples=300)
@given(st.binary(max_size=200))
def test_any_bytes_after_a_good_prefix_raise_only_wire_errors(data: bytes) -> None:
    only_wire_errors(wire.PREFIX.pack(wire.MAGIC, len(data), 0) + data)
    only_wire_errors(data)


@settings(max_examples=500)
@given(NESTED, st.data())
def test_damaged_frames_raise_only_wire_errors(value: Any, data: st.DataObject) -> None:
    frame = bytearray(wire.encode([value, np.arange(3.0), np.ones((2, 2), bool)]))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(frame) - 1))
        frame[at] = data.draw(st.integers(0, 255))
    only_wire_errors(bytes(frame))


def only_wire_errors(frame: bytes) -> None:
    with contextlib.suppress(WireError):
        wire.decode(frame)
