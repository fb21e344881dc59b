"""Whether recorded answers are still the reference's. The last digits of a number do not count.

Another processor, or another release of PyTorch, adds in another order. So each number is compared as the checks
compare it, and one that no check compares up to half of its digits. All else must be the same.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.judge.answers import Recorder, Tolerance, from_json, recording
from grader.sandbox.wire import Array

UNCOMPARED = 1e-6  # absolute, for a number that no check compares; relative to it, half of its dtype's digits


@dataclass(frozen=True)
class Stale:
    """One thing in a recording that is not what the reference says. `key` is empty where it is the file as a whole."""

    key: str
    probe: str
    says: str
    extra: bool = False  # an answer that nobody asks for

    def __str__(self) -> str:
        return f"{self.probe!r} (key {self.key[:8]}): {self.says}" if self.key else self.says


def stale_answers(text: str, fresh: Recorder) -> list[Stale]:
    """What is out of date in a recording, given as the file's text."""
    if text == fresh.text():
        return []
    try:
        kept = json.loads(text)["answers"]
        written_so = recording(kept) == text
    except (ValueError, KeyError, TypeError, AttributeError):
        return [Stale("", "", "it is no recording")]
    found = [each for key, now in sorted(fresh.noted.items()) for each in _of_one(key, kept, now, fresh)]
    found += [
        Stale(key, str(then.get("probe") if isinstance(then, dict) else then), "no public check asks this", extra=True)
        for key, then in kept.items()
        if key not in fresh.noted
    ]
    return found if found or written_so else [Stale("", "", "it is not written as a recording is")]


def _of_one(key: str, kept: Mapping[str, Any], now: Mapping[str, Any], fresh: Recorder) -> Iterator[Stale]:
    probe = now["probe"]
    then = kept.get(key)
    if then is None:
        yield Stale(key, probe, "the answer is missing")
        return
    try:
        same_form = then.keys() == now.keys() and then["probe"] == probe
        (was, old), (is_, new) = then["answer"], now["answer"]
    except (AttributeError, KeyError, TypeError, ValueError):
        same_form, was, is_, old, new = False, "", "", None, None
    if not same_form:
        yield Stale(key, probe, "the entry has another form")
    elif was != is_:
        yield Stale(key, probe, f"the reference {is_}; recorded is that it {was}")
    else:
        for says in _parts(old, new, fresh.tolerances.get(key, ())):
            yield Stale(key, probe, says)


def _parts(old: Any, new: Any, tolerances: Sequence[Tolerance]) -> Iterator[str]:
    """The differences in one answer. Checks may compare the keys of a dict differently."""
    everywhere = [each for each in tolerances if not each.only]
    if isinstance(old, dict) and isinstance(new, dict) and old.keys() == new.keys() == {"dict"}:
        parts, now = old["dict"], new["dict"]
        if isinstance(parts, dict) and parts.keys() == now.keys():
            for name, value in now.items():
                compared = [*everywhere, *(each for each in tolerances if name in each.only)]
                yield from _differences(parts[name], value, f"[{name!r}]", compared)
            return
    yield from _differences(old, new, "", everywhere)


def _differences(old: Any, new: Any, path: str, tolerances: Sequence[Tolerance]) -> Iterator[str]:
    """The differences between two observations, as JSON has them."""
    if type(old) is not type(new):
        yield _other(path, f"{_said(old)} is recorded; the reference gives {_said(new)}")
    elif isinstance(new, float):
        yield from _numbers(np.array(old), np.array(new), "float64", path, tolerances)
    elif isinstance(new, list):
        if len(old) != len(new):
            yield _other(path, f"{len(old)} items are recorded; the reference gives {len(new)}")
            return
        for i, (then, now) in enumerate(zip(old, new, strict=True)):
            yield from _differences(then, now, f"{path}[{i}]", tolerances)
    elif isinstance(new, dict):
        ((kind, content),) = new.items()
        if old.keys() != new.keys():
            yield _other(path, f"{_said(old)} is recorded; the reference gives {_said(new)}")
        elif kind == "array":
            yield from _arrays(old, new, path, tolerances)
        elif kind == "tuple":
            yield from _differences(old[kind], content, path, tolerances)
        elif not isinstance(old[kind], dict) or old[kind].keys() != content.keys():
            keys = [", ".join(each) if isinstance(each, dict) else "of none" for each in (old[kind], content)]
            yield _other(path, f"the keys {keys[0]} are recorded; the reference gives {keys[1]}")
        else:
            for name, value in content.items():
                yield from _differences(old[kind][name], value, f"{path}[{name!r}]", tolerances)
    elif old != new:
        yield _other(path, f"{_said(old)} is recorded; the reference gives {_said(new)}")


def _arrays(old: Any, new: Any, path: str, tolerances: Sequence[Tolerance]) -> Iterator[str]:
    try:
        then, now = from_json(old), from_json(new)
    except (KeyError, TypeError, ValueError, AttributeError):
        yield _other(path, "the array cannot be read")
        return
    assert isinstance(now, Array)
    about = [f"{each.kind} {each.dtype} {each.shape}" for each in (then, now)]
    if about[0] != about[1] or old["array"].keys() != new["array"].keys():
        yield _other(path, f"{about[0]} is recorded; the reference gives {about[1]}")
    else:
        yield from _numbers(then.data, now.data, now.dtype, path, tolerances)


def _numbers(old: np.ndarray, new: np.ndarray, dtype: str, path: str, tolerances: Sequence[Tolerance]) -> Iterator[str]:
    """Numbers of one shape, as the checks compare them; whole ones are compared exactly."""
    if new.dtype.kind in "biu":
        off, allowed = old != new, "whole numbers must be the same"
        distance = np.abs(old.astype(float) - new.astype(float))
    else:
        wide = np.complex128 if new.dtype.kind == "c" else np.float64
        then, now = old.astype(wide), new.astype(wide)
        within = tolerances or [Tolerance(UNCOMPARED, half_the_digits(dtype))]
        with np.errstate(all="ignore"):
            distance = np.abs(then - now)
            near = [distance <= each.atol + each.rtol * np.abs(then) for each in within]
        off = ~(np.all(near, axis=0) | (then == now) | (np.isnan(then) & np.isnan(now)))
        strict = min(within, key=lambda each: (each.atol, each.rtol))
        relative = f" + {strict.rtol:.2g} of it" if strict.rtol else ""
        allowed = f"{'its check' if tolerances else 'without a check, rounding'} allows {strict.atol:g}{relative}"
    count = int(np.count_nonzero(off))
    if not count:
        return
    worst = np.unravel_index(int(np.argmax(np.where(off, np.nan_to_num(distance, nan=math.inf), -1.0))), new.shape)
    place = f"{path}[{', '.join(map(str, worst))}]" if new.ndim else path
    more = f"; so are {count - 1} more" if count > 1 else ""
    yield _other(
        place,
        f"{old[worst].item()!r} is recorded; the reference gives {new[worst].item()!r}. "
        f"They are {distance[worst]:.3g} apart, and {allowed}{more}",
    )


def half_the_digits(dtype: str) -> float:
    """The relative distance of two numbers whose first half of digits agrees."""
    return math.sqrt(2.0**-7 if dtype == "bfloat16" else float(np.finfo(dtype).eps))


def _said(value: Any) -> str:
    """A value as JSON has it, in a few words."""
    if isinstance(value, dict):
        return f"{'an' if value.keys() == {'array'} else 'a'} {' '.join(value)}"
    return "a list" if isinstance(value, list) else json.dumps(value)[:80]


def _other(path: str, says: str) -> str:
    return f"{path} {says}" if path else says
