"""Comparing an answer with what was expected: type, dtype, shape, finiteness, and only then values."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from grader.errors import BrokenCheck
from grader.judge.kinds import of_dtypes, of_kinds
from grader.judge.verdict import Mismatch, Seen
from grader.sandbox.wire import Array

MAX_SHOWN = 400


def compare(came: Any, expected: Any, *, atol: float, rtol: float, path: str = "The answer", hint: str = "") -> None:
    """Raises `Mismatch` at the first place where `came` is not `expected`; returns None when they agree.

    A number agrees when |came - expected| <= atol + rtol |expected|. NaN and infinity agree with nothing.
    Nothing broadcasts. Raises `BrokenCheck` when `expected` itself is not finite.
    """
    __tracebackhide__ = True
    try:
        _compare(came, expected, atol, rtol, path, hint)
    except Mismatch as mismatch:
        mismatch.seen = Seen(came, expected, atol, rtol)  # all of it, not only the part that differs
        raise


def _compare(came: Any, expected: Any, atol: float, rtol: float, path: str, hint: str) -> None:
    __tracebackhide__ = True
    if _kind(came) != _kind(expected):
        raise Mismatch(
            f"{path} is {_kind(came)}, but should be {_kind(expected)}.",
            came=show(came),
            expected=show(expected),
            hint=of_kinds(_kind(came), _kind(expected)) or hint,
        )
    if isinstance(expected, Array):
        _compare_arrays(came, expected, atol, rtol, path, hint)
    elif isinstance(expected, dict):
        if set(came) != set(expected):
            raise Mismatch(
                f"{path} has other keys than asked for.",
                came=", ".join(sorted(came)) or "none",
                expected=", ".join(sorted(expected)) or "none",
                hint=hint,
            )
        for key, value in expected.items():
            _compare(came[key], value, atol, rtol, f"{path}[{key!r}]", hint)
    elif isinstance(expected, (list, tuple)):
        if len(came) != len(expected):
            raise Mismatch(
                f"{path} has another length than asked for.",
                came=str(len(came)),
                expected=str(len(expected)),
                hint=hint,
            )
        for i, (a, b) in enumerate(zip(came, expected, strict=True)):
            _compare(a, b, atol, rtol, f"{path}[{i}]", hint)
    elif isinstance(expected, float):
        if not math.isfinite(expected):
            raise BrokenCheck(f"The reference's value of {path} is {expected}.")
        if not math.isfinite(came):
            raise Mismatch(f"{path} is {came}.", came=show(came), expected=show(expected), hint=hint)
        if not abs(came - expected) <= atol + rtol * abs(expected):
            raise Mismatch(
                f"{path} has another value than expected.", came=show(came), expected=show(expected), hint=hint
            )
    elif came != expected:
        raise Mismatch(f"{path} has another value than expected.", came=show(came), expected=show(expected), hint=hint)


def _compare_arrays(came: Array, expected: Array, atol: float, rtol: float, path: str, hint: str) -> None:
    __tracebackhide__ = True
    if came.dtype != expected.dtype:
        raise Mismatch(
            f"{path} has dtype {came.dtype}, but should have {expected.dtype}.",
            came=came.dtype,
            expected=expected.dtype,
            hint=of_dtypes(came.dtype, expected.dtype) or hint,
        )
    if came.shape != expected.shape:
        # "(4, 1) instead of (4,)" is what a student needs to read.
        raise Mismatch(
            f"{path} has {_shape_in_words(came, expected)}, but should have {expected.shape}.",
            came=str(came.shape),
            expected=str(expected.shape),
            hint=hint,
        )
    if not np.isfinite(expected.data).all():
        raise BrokenCheck(f"The reference's value of {path} is not finite.")
    if bad := int(np.count_nonzero(~np.isfinite(came.data))):
        raise Mismatch(
            f"{path} has {_share(bad, came.data.size)} that are NaN or infinite.",
            came=show(came),
            expected=show(expected),
            hint=hint,
        )
    exact = expected.data.dtype.kind in "biu"
    a, b = (came.data, expected.data) if exact else (_wide(came.data), _wide(expected.data))
    with np.errstate(over="ignore"):  # an overflow is infinite, and so beyond every tolerance
        wrong = a != b if exact else ~(np.abs(a - b) <= atol + rtol * np.abs(b))
    if count := int(np.count_nonzero(wrong)):
        where = f" ({_share(count, came.data.size)})" if came.data.ndim else ""
        raise Mismatch(
            f"{path} has other values than expected{where}.", came=show(came), expected=show(expected), hint=hint
        )


FEW = 8  # up to which a number is told as it is; larger ones could spell out hidden inputs


def _share(count: int, size: int) -> str:
    """How many of `size` values, in words of which there are few."""
    if size <= FEW or count in (1, size):
        return f"{count} of {size} values"
    return f"a few of {size} values" if count < size / 4 else f"many of {size} values"


def _shape_in_words(came: Array, expected: Array) -> str:
    """The shape that came, unless its sizes are such that they could spell out hidden inputs."""
    known = {*range(FEW + 1), *expected.shape}
    if came.data.ndim <= min(3, expected.data.ndim + 1) and known.issuperset(came.shape):
        return f"shape {came.shape}"
    return f"a shape of {came.data.ndim} dimensions"


def _wide(data: np.ndarray) -> np.ndarray:
    return data.astype(np.complex128 if data.dtype.kind == "c" else np.float64)


def _kind(value: Any) -> str:
    if isinstance(value, Array):
        return "a tensor" if value.kind == "tensor" else "a numpy array"
    names = {
        type(None): "None",
        bool: "a bool",
        int: "an int",
        float: "a float",
        str: "text",
        list: "a list",
        tuple: "a tuple",
        dict: "a dict",
    }
    return names.get(type(value), type(value).__name__)


def show(value: Any) -> str:
    """A value in a few words, for a message."""
    if isinstance(value, Array):
        body = np.array2string(value.data, precision=6, threshold=24, edgeitems=3, separator=", ")
        text = (
            f"{value.kind} {value.dtype} {value.shape}: {body}"
            if value.data.ndim
            else f"{body} ({value.kind} {value.dtype})"
        )
    else:
        text = repr(plain(value))
    return text if len(text) <= MAX_SHOWN else text[:MAX_SHOWN] + " …"


def holds_none(value: Any) -> bool:
    """Whether a value of the wire is None, or holds it somewhere."""
    if isinstance(value, dict):
        return any(map(holds_none, value.values()))
    return value is None or (isinstance(value, (list, tuple)) and any(map(holds_none, value)))


def plain(value: Any) -> Any:
    """An observation with bare numpy arrays in place of `Array`."""
    if isinstance(value, Array):
        return value.data
    if isinstance(value, (list, tuple)):
        return type(value)(plain(item) for item in value)
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    return value


def wrapped(value: Any) -> Any:
    """What a check hands over, ready for the wire: numpy arrays become tensors, numpy scalars numbers."""
    if isinstance(value, np.ndarray):
        return Array("tensor", value.dtype.name, value)
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, (list, tuple)):
        return type(value)(wrapped(item) for item in value)
    if isinstance(value, dict):
        return {key: wrapped(item) for key, item in value.items()}
    return value
