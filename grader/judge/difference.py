"""How a wrong answer differs from the right one, in a sentence for the student; "" when nothing is sure.

Nothing is guessed: a difference is named when a transformation of what came gives the right answer within the check's
own tolerance, or is plain from what came alone, and when that cannot well be chance (coincidence.py).

The sentence is shown for hidden checks too, to somebody who may hand in again, so it keeps to these rules:

- **No amounts.** A fitted factor or offset, or a size that was expected, would give expected values away in one go:
  whoever returns what they know and reads "off by" some amount is done. The sentences are fixed; only ratios that are
  tried for everyone (the opposite sign, twice, half) are named.
- **No direction.** "Too large" or "a factor above one" would be an inequality, and some fifty of them find any number
  by halving. What is said is that values are equal within the check's tolerance, as `passed` also tells; and that
  many at once that someone who does not know them would have to guess 24 bits (12 of a single number) to read it.
- **No tolerance but the check's own**, on the scale of the right values. "Nearly right" would make guessing cheap, so
  an answer that is only a little off gets no sentence.
- **No text of the student's.** Their code sees hidden inputs, and could spell them out in keys. Keys are named
  only where the answer has exactly those that were expected, as the check's own message does.
- **Few sentences.** Code that knows inputs and right answers can choose which mistake to make, and so which of some
  sixty sentences is shown: six bits a check, less than a verdict with its line of code gives.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from grader.errors import GraderError
from grader.judge.coincidence import Floats, Target
from grader.judge.compare import compare
from grader.judge.evidence import MARGIN
from grader.judge.transformations import of_each_value, other_shape, same_shape
from grader.judge.verdict import Mismatch
from grader.sandbox.wire import Array

MOST_VALUES = 50_000  # on either side
MOST_SWAPPED = 12  # parts that are tried in each other's places
CUT_OFF = "as if .detach(), .item(), .data or no_grad cut it off"
SIGN = "has the opposite sign"
LARGEST = 1e100  # beyond it, what is tried would overflow

Pair = tuple[Any, Any]  # what came, what was expected


def difference(came: Any, expected: Any, atol: float, rtol: float) -> str:
    """A sentence on how `came` differs from `expected`, two values of the wire that do not agree within the tolerance.

    Never raises, whatever `came` is.
    """
    words = _bounded(came, expected, atol, rtol)
    return f"Your answer {words}." if words else ""


def only_the_gradient(came: Any, expected: Any, atol: float, rtol: float) -> str:
    """The same of a gradient, for a submission whose values are right; never empty.

    `expected` is None where there is no gradient to compare: the code broke down when it was asked for one.
    """
    if expected is None:
        return f"The values are right; it goes wrong only where their gradient is asked for, {CUT_OFF}."
    words = "is missing" if came is None else _bounded(came, expected, atol, rtol)
    if came is None or words.endswith("is zero everywhere"):
        words += f", {CUT_OFF}"
    return f"The values are right, only their gradient is wrong{f': it {words}' if words else ''}."


def _bounded(came: Any, expected: Any, atol: float, rtol: float) -> str:
    return _Tried(atol, rtol).words(came, expected) if max(_size(came), _size(expected)) <= MOST_VALUES else ""


class _Tried:
    """Comparisons within one tolerance. What is said is a verb phrase about the answer, or ""."""

    def __init__(self, atol: float, rtol: float) -> None:
        self.atol, self.rtol = atol, rtol

    def words(self, came: Any, expected: Any) -> str:
        """How `came` differs."""
        if isinstance(came, dict) and isinstance(expected, dict):
            return self.of_dicts(came, expected)
        mine, its = _numbers(came), _numbers(expected)
        if mine is not None and its is not None:
            return self.of_arrays(mine, its, _form(came), _form(expected))
        if isinstance(came, (list, tuple)) and isinstance(expected, (list, tuple)):
            return self.of_lists(came, expected)
        return ""

    def right(self, came: Any, expected: Any) -> bool:
        """Whether the check would be content."""
        try:
            compare(came, expected, atol=self.atol, rtol=self.rtol)
        except (Mismatch, GraderError):
            return False
        return True

    def target(self, expected: np.ndarray) -> Target:
        exact = expected.dtype.kind in "biu"
        return Target.of(expected.astype(np.float64), *((0.0, 0.0) if exact else (self.atol, self.rtol)))

    def of_arrays(self, came: np.ndarray, expected: np.ndarray, came_form: Any, form: Any) -> str:
        if "c" in (came.dtype.kind, expected.dtype.kind) or not np.isfinite(expected).all():
            return ""
        mine: Floats = came.astype(np.float64)
        target = self.target(expected)
        if _largest(mine[np.isfinite(mine)], target.values) > LARGEST:
            return ""
        if not (finite := np.isfinite(mine)).all():
            partly = mine.shape == target.values.shape and target.part(finite).tells()
            return "is right wherever it is finite" if partly and target.matches(mine)[finite].all() else ""
        if came_form != form:
            other = "dtype" if came_form[0] == form[0] else "type"
            return f"has the right values, but another {other}" if target.equals(mine) else ""
        if mine.shape != target.values.shape:
            return other_shape(mine, target)
        if Target(target.values, MARGIN * target.tolerance).equals(mine):
            return ""  # only a little off: anything might explain it
        if came.dtype.kind == "b" and target.tells() and target.equals(1.0 - mine):
            return "is true where it should be false and false where it should be true"
        return same_shape(mine, target)

    def of_dicts(self, came: dict[str, Any], expected: dict[str, Any]) -> str:
        if set(came) == set(expected):
            return self.of_parts([(came[key], expected[key]) for key in expected], _keys(list(expected)), "keys")
        if all(self.right(came[key], expected[key]) for key in set(came) & set(expected)):
            missing, surplus = set(expected) - set(came), set(came) - set(expected)
            if len(missing) == len(surplus):
                strays = [(came[a], expected[b]) for a, b in zip(sorted(surplus), sorted(missing), strict=True)]
                return "has the right values under other keys than asked for" if self.swapped(strays) else ""
            if set(came) & set(expected) and not (missing and surplus):
                return f"has too {'few' if missing else 'many'} keys; what it has of those asked for is right"
        return ""

    def of_lists(self, came: Sequence[Any], expected: Sequence[Any]) -> str:
        if type(came) is not type(expected):
            return "has the right values, but another type" if self.right(list(came), list(expected)) else ""
        if len(came) == len(expected):
            return self.of_parts(list(zip(came, expected, strict=True)), _entries(len(expected)), "entries")
        longer, shorter = (came, expected) if len(came) > len(expected) else (expected, came)
        if len(shorter) > 0 and len(longer) == len(shorter) + 1:
            does = "has one entry too many, the" if longer is came else "lacks the"
            for which, rest in (("first", longer[1:]), ("last", longer[:-1])):
                if self.right(*((rest, expected) if longer is came else (came, rest))):
                    return f"{does} {which}{'' if longer is came else ' entry'}; the rest is right"
        return ""

    def of_parts(self, parts: Sequence[Pair], name: Callable[[int], str], places: str) -> str:
        """Of several values that belong together; `name` names the i-th of them."""
        wrong = [i for i, pair in enumerate(parts) if not self.right(*pair)]
        strays = [parts[i] for i in wrong]
        if len(wrong) == 1 and len(parts) > 1:
            words = self.words(*strays[0])
            return f"is right except for {name(wrong[0])}{f', which {words}' if words else ''}"
        each = {self.words(*pair) for pair in strays}
        words = (each.pop() if len(each) == 1 else "") or self.together(strays)
        # Two gradients that are each other's opposite look swapped when their sign is flipped: that comes first.
        if words != SIGN and len(wrong) > 1 and self.swapped(strays):
            return "has the right values " + ("under swapped keys" if places == "keys" else "in each other's places")
        if len(wrong) == len(parts) or not words:
            return words
        return f"is right in some {places}; in each of the others it {words}"

    def swapped(self, pairs: Sequence[Pair]) -> bool:
        """Whether what came are the right values, each in another one's place."""
        if len(pairs) > MOST_SWAPPED:
            return False
        mine, its = zip(*pairs, strict=True)
        found = [[j for j, value in enumerate(its) if self.right(came, value)] for came in mine]
        if sorted(found) != [[j] for j in range(len(pairs))]:
            return False
        values = [_numbers(value) for value in its]
        known = [self.target(value) for value in values if value is not None and value.dtype.kind != "c"]
        choices = math.lgamma(len(pairs) + 1) / math.log(2)
        return len(known) == len(pairs) and _joined(known).tells(choices=choices)

    def together(self, pairs: Sequence[Pair]) -> str:
        """What one function of each value explains in all of them."""
        mine, targets = [], []
        for came, expected in pairs:
            a, b = _numbers(came), _numbers(expected)
            if a is None or b is None or a.shape != b.shape or "c" in (a.dtype.kind, b.dtype.kind):
                return ""
            if _form(came) != _form(expected) or not np.isfinite(b).all():
                return ""
            mine.append(a.astype(np.float64).ravel())
            targets.append(self.target(b))
        whole, target = np.concatenate([np.zeros(0), *mine]), _joined(targets)
        if not np.isfinite(whole).all() or _largest(whole, target.values) > LARGEST:
            return ""
        return of_each_value(whole, target)


def _largest(*arrays: Floats) -> float:
    return max(float(np.abs(array).max(initial=0.0)) for array in arrays)


def _joined(targets: Sequence[Target]) -> Target:
    return Target(
        np.concatenate([np.zeros(0), *(target.values.ravel() for target in targets)]),
        np.concatenate([np.zeros(0), *(target.tolerance.ravel() for target in targets)]),
    )


def _keys(keys: Sequence[str]) -> Callable[[int], str]:
    """Names for the parts of a dict: the key, where it is a plain word."""
    return lambda i: f'"{keys[i]}"' if keys[i].isascii() and keys[i].isidentifier() and len(keys[i]) < 40 else "one key"


def _entries(count: int) -> Callable[[int], str]:
    """Names for the parts of a list: no index, which the answer could choose."""
    return lambda i: {0: "its first entry", count - 1: "its last entry"}.get(i, "one entry")


def _form(value: Any) -> tuple[str, str]:
    """What a value is apart from its numbers."""
    return (value.kind, value.dtype) if isinstance(value, Array) else (type(value).__name__, "")


def _numbers(value: Any) -> np.ndarray | None:
    """A number, an array, or lists of numbers that make one; None for anything else."""
    if isinstance(value, Array):
        return value.data
    if type(value) in (int, float):
        return np.asarray(value)
    if isinstance(value, (list, tuple)) and value and not any(isinstance(item, Array) for item in value):
        parts = [_numbers(item) for item in value]
        first = parts[0]
        if first is not None and all(
            part is not None and part.shape == first.shape and part.dtype == first.dtype for part in parts
        ):
            return np.stack([part for part in parts if part is not None])
    return None


def _size(value: Any) -> int:
    """How many values there are in all."""
    if isinstance(value, Array):
        return max(1, value.data.size)
    if isinstance(value, dict):
        return 1 + sum(_size(item) for item in value.values())
    return 1 + sum(_size(item) for item in value) if isinstance(value, (list, tuple)) else 1
