"""The wire format between judge and worker: a msgpack header and raw array buffers, never pickle.

A frame is `MAGIC | header length (u32) | body length (u64) | header | body`, little endian. The header is
one msgpack value. Inside it a tensor or an array is a tagged list that points into the body. Everything that
comes from a worker is checked against the limits below *before* anything is allocated for it, and any breach is
a `WireError`: values are never cut short or converted in silence.

Values that can be sent: None, bool, int (64 bit), float, str, list, tuple, dict with text keys, `Array`,
`numpy.ndarray` and numpy's scalars, and on the worker's side `torch.Tensor`. Types are compared exactly: a subclass is
refused, because a subclass may lie about its own contents.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgpack
import numpy as np

MAGIC = b"LAT1"
PREFIX = struct.Struct("<4sIQ")

MAX_HEADER_BYTES = 4 << 20
MAX_BODY_BYTES = 256 << 20
MAX_DEPTH = 16
MAX_VALUES = 200_000
MAX_TEXT = 1 << 20
MAX_DIMENSIONS = 8
ALIGNMENT = 8

# Name on the wire -> numpy dtype of its bytes. bfloat16 has no numpy dtype: its bit patterns travel as uint16.
DTYPES = {
    "bool": np.dtype("?"),
    "uint8": np.dtype("u1"),
    "int8": np.dtype("i1"),
    "int16": np.dtype("<i2"),
    "int32": np.dtype("<i4"),
    "int64": np.dtype("<i8"),
    "float16": np.dtype("<f2"),
    "bfloat16": np.dtype("<u2"),
    "float32": np.dtype("<f4"),
    "float64": np.dtype("<f8"),
    "complex64": np.dtype("<c8"),
    "complex128": np.dtype("<c16"),
}

_NUMPY_SCALARS = frozenset(np.dtype(name).type for name in DTYPES if name != "bfloat16")

TENSOR, NDARRAY = "tensor", "ndarray"


class WireError(ValueError):
    """A frame, or a value that should go into one, breaks the format."""


@dataclass(frozen=True)
class Array:
    """A tensor or numpy array that crossed the border.

    `data` is read-only and has the dtype that `dtype` names, except for bfloat16, which is widened to float32.
    """

    kind: str
    dtype: str
    data: np.ndarray

    @property
    def shape(self) -> tuple[int, ...]:
        return self.data.shape


def encode(value: Any) -> bytes:
    """One frame that holds `value`. Raises `WireError` when it has a type or size that cannot be sent."""
    encoder = _Encoder()
    header = msgpack.packb(encoder.tagged(value, 0), use_bin_type=True)
    if len(header) > MAX_HEADER_BYTES:
        raise WireError(f"the value needs {len(header):,} bytes beside its arrays; the limit is {MAX_HEADER_BYTES:,}")
    return b"".join([PREFIX.pack(MAGIC, len(header), encoder.size), header, *encoder.buffers])


def sizes(prefix: bytes) -> tuple[int, int]:
    """Header and body length that a frame's prefix announces. Raises `WireError` before anything is allocated."""
    magic, header, body = PREFIX.unpack(prefix)
    if magic != MAGIC:
        raise WireError("not a frame of this format")
    if header > MAX_HEADER_BYTES or body > MAX_BODY_BYTES:
        raise WireError(f"a frame of {header + body:,} bytes is over the limit")
    return header, body


def decode(frame: bytes | bytearray | memoryview) -> Any:
    """The value in a whole frame. Raises `WireError` and nothing else, whatever the bytes are."""
    view = memoryview(frame)
    if len(view) < PREFIX.size:
        raise WireError("a frame is cut short")
    header_size, body_size = sizes(bytes(view[: PREFIX.size]))
    if len(view) != PREFIX.size + header_size + body_size:
        raise WireError("a frame's length is not what its prefix says")
    try:
        header = msgpack.unpackb(
            view[PREFIX.size : PREFIX.size + header_size],
            raw=False,
            strict_map_key=True,
            max_str_len=MAX_TEXT,
            max_bin_len=0,
            max_ext_len=0,
            max_array_len=MAX_VALUES,
            max_map_len=0,
        )
    except (ValueError, TypeError, RecursionError, UnicodeDecodeError) as error:
        raise WireError(f"a frame's header is not valid: {type(error).__name__}") from None
    decoder = _Decoder(view[PREFIX.size + header_size :])
    value = decoder.value(header, 0)
    if decoder.end != body_size:
        raise WireError("a frame holds bytes that no array claims")
    return value


class _Encoder:
    def __init__(self) -> None:
        self.buffers: list[bytes] = []
        self.size = 0
        self.count = 0

    def tagged(self, value: Any, depth: int) -> list[Any]:
        self.count += 1
        if depth > MAX_DEPTH:
            raise WireError(f"the value is nested more than {MAX_DEPTH} deep")
        if self.count > MAX_VALUES:
            raise WireError(f"the value has more than {MAX_VALUES:,} parts")
        kind = type(value)
        if value is None:
            return ["n"]
        if kind is bool:
            return ["b", value]
        if kind is int:
            if not -(2**63) <= value < 2**63:
                raise WireError("an integer does not fit into 64 bits")
            return ["i", value]
        if kind is float:
            return ["f", value]
        if kind is str:
            if len(value.encode("utf-8", "surrogatepass")) > MAX_TEXT:
                raise WireError(f"a text is longer than {MAX_TEXT:,} bytes")
            return ["s", value.encode("utf-8", "replace").decode()]
        if kind is list or kind is tuple:
            return ["l" if kind is list else "t", *(self.tagged(item, depth + 1) for item in value)]
        if kind is dict:
            return [
                "d",
                *(part for key, item in value.items() for part in (self.key(key), self.tagged(item, depth + 1))),
            ]
        return self.array(value)

    @staticmethod
    def key(key: Any) -> str:
        if type(key) is not str:
            raise WireError(f"a dictionary has a key of type {type(key).__name__}; only text keys can be sent")
        return key

    def array(self, value: Any) -> list[Any]:
        if type(value) is Array:
            if value.dtype == "bfloat16":
                raise WireError("a bfloat16 array can only be sent by a worker")
            kind, dtype, data = value.kind, value.dtype, value.data
        elif type(value) is np.ndarray or type(value) in _NUMPY_SCALARS:
            kind, dtype, data = NDARRAY, value.dtype.name, np.asarray(value)
        else:
            kind, dtype, data = TENSOR, *_tensor(value)
        if dtype not in DTYPES:
            raise WireError(f"an array of dtype {dtype} cannot be sent")
        _check_empty(data.shape)
        size = math.prod(data.shape) * DTYPES[dtype].itemsize
        if data.ndim > MAX_DIMENSIONS or self.size + size > MAX_BODY_BYTES:
            raise WireError(f"an array of shape {tuple(data.shape)} is too large to send")
        raw = np.ascontiguousarray(data, DTYPES[dtype]).tobytes()
        offset, padding = self.size, -len(raw) % ALIGNMENT
        self.buffers += [raw, b"\0" * padding]
        self.size += len(raw) + padding
        return ["a", kind, dtype, list(data.shape), offset]


def _check_empty(shape: Sequence[int]) -> None:
    """An array without values has no bytes to limit it, but as nested lists it would be as large as its shape."""
    if 0 in shape and math.prod(max(1, size) for size in shape) > MAX_VALUES:
        raise WireError(f"an array of shape {tuple(shape)} is too large to send")


def _tensor(value: Any) -> tuple[str, np.ndarray]:
    """Dtype name and bytes of a plain tensor. Imported late: the judge's side works without torch."""
    import torch

    if type(value) not in (torch.Tensor, torch.nn.Parameter):
        raise WireError(
            f"a value of type {type(value).__name__} cannot be sent; use tensors, numbers, text, lists or dicts"
        )
    if value.layout is not torch.strided or value.device.type != "cpu":
        raise WireError(f"a tensor on {value.device} with layout {value.layout} cannot be sent; use a dense CPU tensor")
    dtype = str(value.dtype).removeprefix("torch.")
    if dtype not in DTYPES:
        raise WireError(f"a tensor of dtype {dtype} cannot be sent")
    if (
        value.numel() * value.element_size() > MAX_BODY_BYTES
    ):  # before .contiguous(): an expanded view is small until then
        raise WireError(f"a tensor of shape {tuple(value.shape)} is too large to send")
    plain = value.detach().resolve_conj().resolve_neg().contiguous()
    return dtype, (plain.view(torch.uint16) if dtype == "bfloat16" else plain).numpy()


class _Decoder:
    def __init__(self, body: memoryview) -> None:
        self.body = body
        self.end = 0
        self.count = 0

    def value(self, node: Any, depth: int) -> Any:
        self.count += 1
        if depth > MAX_DEPTH or self.count > MAX_VALUES:
            raise WireError("a value is nested too deep or has too many parts")
        if type(node) is not list or not node or type(node[0]) is not str:
            raise WireError("a value without a tag")
        tag: str = node[0]
        rest: list[Any] = node[1:]
        if tag == "n" and not rest:
            return None
        if tag in ("b", "i", "f", "s") and len(rest) == 1:
            expected: Any = {"b": bool, "i": int, "f": float, "s": str}[tag]
            if type(rest[0]) is not expected:
                raise WireError(f"a value is not what its tag {tag!r} says")
            if tag == "i" and not -(2**63) <= rest[0] < 2**63:
                raise WireError("an integer does not fit into 64 bits")
            return rest[0]
        if tag == "l":
            return [self.value(item, depth + 1) for item in rest]
        if tag == "t":
            return tuple(self.value(item, depth + 1) for item in rest)
        if tag == "d" and len(rest) % 2 == 0:
            keys = rest[::2]
            if any(type(key) is not str for key in keys) or len(set(keys)) != len(keys):
                raise WireError("a dictionary has a key twice or one that is not text")
            return {key: self.value(item, depth + 1) for key, item in zip(keys, rest[1::2], strict=True)}
        if tag == "a" and len(rest) == 4:
            return self.array(*rest)
        raise WireError("a value has an unknown tag")

    def array(self, kind: Any, dtype: Any, shape: Any, offset: Any) -> Array:
        if kind not in (TENSOR, NDARRAY) or type(dtype) is not str or dtype not in DTYPES:
            raise WireError("an array of an unknown kind or dtype")
        if type(shape) is not list or len(shape) > MAX_DIMENSIONS:
            raise WireError("an array with an impossible shape")
        if any(type(n) is not int or not 0 <= n <= MAX_BODY_BYTES for n in shape):
            raise WireError("an array with an impossible shape")
        _check_empty(shape)
        size = math.prod(shape) * DTYPES[dtype].itemsize
        # Arrays stand in the body in order, one after the other: no gaps, no overlap, no second use of the same bytes.
        if type(offset) is not int or offset != self.end or offset + size > len(self.body):
            raise WireError("an array does not lie where the format wants it")
        self.end = offset + size + (-size % ALIGNMENT)
        raw = np.frombuffer(self.body[offset : offset + size], np.uint8)
        if dtype == "bool" and size and raw.max() > 1:
            raise WireError("a boolean that is neither 0 nor 1")
        data = raw.view(DTYPES[dtype]).reshape(shape) if size else np.zeros(shape, DTYPES[dtype])
        if dtype == "bfloat16":
            data = (data.astype(np.uint32) << 16).view(np.float32)
        data.flags.writeable = False
        return Array(kind, dtype, data)
