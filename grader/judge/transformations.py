"""What turns the right values into those that came: transformations, simplest first, each with its words.

Words are verb phrases about the answer: "has the opposite sign". They contain no number that was computed.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from itertools import permutations

import numpy as np

from grader.judge.coincidence import Floats, Mask, Target

MOST_PAIRS = 2_000_000  # comparisons of entries that looking for a row may take

Explanation = Iterator[tuple[str, bool]]  # words, and whether they hold; the first that hold are said


def same_shape(came: Floats, target: Target) -> str:
    """How finite values differ from the right ones, which have the same shape; "" when nothing fits."""
    if came.size == 1 or target.distinct == 1:
        return _first(_of_a_number(came, target))
    # In this order: what is said of `came` alone, then the transformations by how much they leave open.
    steps = (_of_itself, _of_each_value, _of_the_order, _of_most_places, _of_the_scale, _of_some_places)
    return next((words for step in steps if (words := _first(step(came, target)))), "")


def of_each_value(came: Floats, target: Target) -> str:
    """The same for values whose places mean nothing, as those of several arrays in a row."""
    steps = (_of_itself, _of_each_value, _of_the_scale)
    return next((words for step in steps if (words := _first(step(came, target)))), "")


def other_shape(came: Floats, target: Target) -> str:
    """How finite values of another shape give the right ones; "" when nothing fits."""
    return _first(_of_the_shape(came, target))


def _first(explanations: Explanation) -> str:
    return next((words for words, holds in explanations if holds), "")


def _of_a_number(came: Floats, target: Target) -> Explanation:
    """Fixed ratios only: any number is some multiple of any other."""
    if came.size > 1 and not came.any():
        yield "is zero everywhere", True
    if not target.tells_a_number:
        return
    yield "has the opposite sign", target.equals(-came)
    if target.a_share:
        return
    yield "is twice the right one", target.equals(came / 2)
    yield "is half the right one", target.equals(came * 2)


def _of_itself(came: Floats, target: Target) -> Explanation:
    """What can be seen without knowing the right answer, except that it is not so."""
    right = target.values
    if not came.any():
        yield "is zero everywhere", True
    if came.size < 3 or target.distinct < 2:
        return
    if np.ptp(came) == 0:
        yield "has the same value everywhere", True
    if came.ndim == 2 and min(came.shape) > 1:
        for axis, line in enumerate(("row", "column")):
            should_vary = np.ptp(right, axis=axis) > 2 * target.tolerance.max()
            yield f"has the same values in every {line}", not np.ptp(came, axis=axis).any() and bool(should_vary.any())


def _of_each_value(came: Floats, target: Target) -> Explanation:
    """The same function of each value, with nothing left to choose."""
    if not target.tells():
        return
    right = target.values
    yield "has the opposite sign", target.equals(-came)
    yield "is twice the right one", target.equals(came / 2)
    yield "is half the right one", target.equals(came * 2)
    yield "has zero wherever it should be negative", _is(came, target, lambda x: np.maximum(x, 0.0))
    yield "has lost its signs: all of it is positive", bool((right < 0).any()) and _is(came, target, np.abs)
    if right.min() >= 0:
        yield "is the square root of the right one", _is(came, target, np.sqrt)
    if right.max() <= 0:
        yield "lacks a square: minus its squares are right", _is(came, target, lambda x: -np.sqrt(-x))
    yield "is the square of the right one", _is(came, target, np.square)
    yield "is the exponential of the right one", _is(came, target, np.exp)
    if right.min() > 0:
        yield "is the logarithm of the right one", _is(came, target, np.log)
    if right.all():
        yield "is one divided by the right one", _is(came, target, np.reciprocal)
    yield "is the sigmoid of the right one", _is(came, target, _sigmoid)
    yield "lacks a sigmoid: its sigmoid is right", target.equals(_sigmoid(came))
    yield "is the softmax of the right one over the last dimension", _is_softmax(came, target)
    yield "lacks a softmax: its softmax over the last dimension is right", target.equals(_softmax(came))


def _is(came: Floats, target: Target, function: Callable[[Floats], Floats]) -> bool:
    """Whether `came` is `function` of the right values, as exactly as these may be known; and tells as much."""
    with np.errstate(all="ignore"):
        image = function(target.values)
        ends = [np.abs(function(target.values + side * target.tolerance) - image) for side in (-1.0, 1.0)]
    if not np.isfinite(image).all():
        return False
    moved = target.moved(image, np.nan_to_num(np.fmin(*ends), posinf=0.0))
    return moved.equals(came) and moved.tells()


def _is_softmax(came: Floats, target: Target) -> bool:
    """The same of softmax, which a move of all values at once leaves where it is: each may be off by itself."""
    image = _softmax(target.values)
    moved = target.moved(image, 2.0 * image * target.tolerance.max(axis=-1, keepdims=True))
    return moved.equals(came) and moved.tells()


def _sigmoid(x: Floats) -> Floats:
    with np.errstate(all="ignore"):
        return np.asarray(1.0 / (1.0 + np.exp(-x)), np.float64)


def _softmax(x: Floats) -> Floats:
    raised = np.exp(x - x.max(axis=-1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=-1, keepdims=True), np.float64)


def _of_most_places(came: Floats, target: Target) -> Explanation:
    """Right but for some places that have a name."""
    right = target.values
    for words, wrong in _lines(target):
        yield f"is right except for {words}", _wrong_in(wrong, came, target)
    if right.ndim == 2 and min(right.shape) > 1:
        row, column = np.indices(right.shape)
        if right.shape[0] == right.shape[1]:
            yield "is right except on the diagonal", _wrong_in(row == column, came, target)
        yield "is right except above the diagonal", _wrong_in(row < column, came, target)
        yield "is right except below the diagonal", _wrong_in(row > column, came, target)
    yield "is right except where it should be zero", _wrong_in(right == 0, came, target)
    yield "is right except where it should be negative", _wrong_in(right < 0, came, target)


def _of_some_places(came: Floats, target: Target) -> Explanation:
    """Right in some places that have a name, or in whole rows."""
    for words, there in _lines(target):
        yield f"is right in {words} only", _wrong_in(~there, came, target)
    for axis, size in enumerate(came.shape):
        for start in (0, 1) if size > 3 else ():
            wrong = np.zeros(came.shape, bool)
            np.moveaxis(wrong, axis, 0)[start::2] = True
            yield f"is right in every second {_line(came.ndim, axis)} only", _wrong_in(wrong, came, target)
    if came.ndim < 2:
        return
    matches = target.matches(came).reshape(len(came), -1)
    right: Mask = np.asarray(matches.all(axis=1))
    if right.any() and not right.all() and target.part(right).tells(choices=len(came)):
        yield "is right except for one row", bool(np.count_nonzero(~right) == 1)
        yield "is right in some rows and wrong in others", True


def _wrong_in(places: Mask, came: Floats, target: Target) -> bool:
    """Whether just these places are wrong, and the others are not right by chance."""
    matches = target.matches(came)
    return np.array_equal(matches, ~places) and target.part(matches).tells()


def _lines(target: Target) -> Iterator[tuple[str, Mask]]:
    """The first and the last row, column, and so on of arrays with at least three."""
    for axis, size in enumerate(target.values.shape):
        for which, at in (("first", 0), ("last", -1)) if size > 2 else ():
            there = np.zeros(target.values.shape, bool)
            np.moveaxis(there, axis, 0)[at] = True
            yield f"the {which} {_line(target.values.ndim, axis)}", there


def _line(dimensions: int, axis: int) -> str:
    if dimensions == 1:
        return "entry"
    return ("row", "column")[axis] if dimensions == 2 else "slice along one dimension"


def _of_the_order(came: Floats, target: Target) -> Explanation:
    """The right values in other places."""
    if not target.tells():
        return
    axes = range(came.ndim)
    for order in permutations(axes) if 2 <= came.ndim <= 4 else ():
        turned = np.transpose(came, order)
        yield "is transposed: two of its dimensions are swapped", turned.shape == came.shape and target.equals(turned)
    for axis in axes:
        yield "is in reversed order", target.equals(np.flip(came, axis))
    # Rows of few different values, such as masks, look shifted when a single entry of each is wrong.
    widely = 4 * np.count_nonzero(~target.matches(came)) >= came.size
    for axis in axes if widely else ():
        early, late = _along(came.ndim, axis, slice(None, -1)), _along(came.ndim, axis, slice(1, None))
        for mine, its in ((early, late), (late, early)):
            overlap = target.part(its)
            yield "is shifted by one step", overlap.tells() and overlap.equals(came[mine])
    if came.ndim > 1:
        words = "was brought into its shape by reshape where a transpose belongs, or the other way round"
        yield words, target.equals(np.reshape(came, came.shape[::-1]).T)
        yield words, target.equals(np.reshape(came.T, came.shape))
    if came.ndim == 2:
        for axis, line in enumerate(("rows", "columns")):
            yield f"has the right {line} in another order", _lines_in_another_order(came, target, axis)
    choices = math.lgamma(came.size + 1) / math.log(2)
    if target.tells(choices=choices) and 2 * target.distinct > came.size:
        ranks = np.argsort(target.values, axis=None)
        in_order = Target(target.values.ravel()[ranks], target.tolerance.ravel()[ranks])
        yield "has the right values in another order", in_order.equals(np.sort(came, axis=None))


def _along(dimensions: int, axis: int, part: slice) -> tuple[slice, ...]:
    return tuple(part if i == axis else slice(None) for i in range(dimensions))


def _lines_in_another_order(came: Floats, target: Target, axis: int) -> bool:
    lines, right = np.moveaxis(came, axis, 0), np.moveaxis(target.values, axis, 0)
    tolerance, count = np.moveaxis(target.tolerance, axis, 0), len(lines)
    if count < 2 or count * came.size > MOST_PAIRS or not target.tells(choices=math.lgamma(count + 1) / math.log(2)):
        return False
    found, twins = (  # [i, j]: line j is the right line i
        (np.abs(others[None] - right[:, None]) <= tolerance[:, None]).all(axis=-1) for others in (lines, right)
    )
    return bool(found.any(axis=0).all() and (found.sum(axis=1) == twins.sum(axis=1)).all())


def _of_the_scale(came: Floats, target: Target) -> Explanation:
    """One number that was left out, or too many: a size, a factor, an offset."""
    right = target.values
    if target.tells():
        for size in sorted({came.size, *came.shape} - {0, 1, 2}):
            words = "the number of its entries or rows, as if a {} stood where a {} belongs"
            yield f"is the right one times {words.format('sum', 'mean')}", target.equals(came / size)
            yield f"is the right one divided by {words.format('mean', 'sum')}", target.equals(came * size)
    if target.tells(fitted=1):
        with np.errstate(all="ignore"):
            factor = np.vdot(came, right) / np.vdot(came, came)
            yield "is the right one times a constant factor", bool(factor) and target.equals(factor * came)
            yield "is off by the same amount everywhere", target.equals(came + np.mean(right - came))
    for axis, size in enumerate(came.shape):
        if size > 2 and target.tells():
            with np.errstate(all="ignore"):
                running = target.moved(np.cumsum(right, axis), np.cumsum(target.tolerance, axis))
                yield "is a running sum of the right values", running.tells() and running.equals(came)
                yield "lacks a running sum: its running sum is right", target.equals(np.cumsum(came, axis))


def _of_the_shape(came: Floats, target: Target) -> Explanation:
    right = target.values
    if came.size == right.size:
        yield from _of_the_same_size(came, target)
    if came.ndim > right.ndim:
        yield from _of_dimensions_too_many(came, target)
    elif came.ndim < right.ndim:
        yield from _of_dimensions_too_few(came, target)
    else:
        yield from _of_lines_too_many_or_few(came, target)


def _of_the_same_size(came: Floats, target: Target) -> Explanation:
    right = target.values
    same_places = np.squeeze(came).shape == np.squeeze(right).shape
    if target.equals(came.reshape(right.shape)):
        kinds = {1: "a dimension too many", -1: "a dimension too few", 0: "its dimensions in other places"}
        kind = kinds[int(np.sign(came.ndim - right.ndim))]
        yield f"has the right values, but {kind}", same_places
        yield "has the right values in the right order, but flattened", came.ndim == 1
        yield "has the right values in the right order, but in another shape", True
    for order in permutations(range(came.ndim)) if 2 <= came.ndim <= 4 else ():
        turned = np.transpose(came, order)
        yield "is transposed: two of its dimensions are swapped", target.equals(turned) and target.tells()


def _of_dimensions_too_many(came: Floats, target: Target) -> Explanation:
    right = target.values
    if came.ndim == 2 and right.ndim == 1 and came.shape == 2 * right.shape and target.tells():
        yield "pairs every entry with every other one, and only its diagonal is right", target.equals(np.diagonal(came))
    if came.ndim != right.ndim + 1 or not (target.tells() or target.tells_a_number):
        return
    for axis, size in enumerate(came.shape):
        if size > 1:
            copies = np.moveaxis(came, axis, 0)
            repeats = right.size > 1 and all(target.equals(copy) for copy in copies)
            yield "repeats the right one along a dimension too many", repeats
            with np.errstate(all="ignore"):
                total = came.sum(axis)
            yield "has a dimension too many: the mean over it is right", target.equals(total / size)
            yield "has a dimension too many: the sum over it is right", target.equals(total)


def _of_dimensions_too_few(came: Floats, target: Target) -> Explanation:
    for axis, size in enumerate(target.values.shape if came.ndim == target.values.ndim - 1 else ()):
        for words, share in (("mean", 1.0 / max(size, 1)), ("sum", 1.0)):
            values, tolerance = target.values.sum(axis) * share, target.tolerance.sum(axis) * share
            reduced = target.moved(values, tolerance)
            fits = size > 1 and reduced.equals(came) and (reduced.tells() or reduced.tells_a_number)
            yield f"is a {words} over a dimension that should stay", fits


def _of_lines_too_many_or_few(came: Floats, target: Target) -> Explanation:
    right = target.values
    for axis in range(came.ndim):
        line = _line(came.ndim, axis)
        surplus = came.shape[axis] - right.shape[axis]
        rest = [size for i, size in enumerate(came.shape) if i != axis]
        if abs(surplus) != 1 or rest != [size for i, size in enumerate(right.shape) if i != axis]:
            continue
        for words, part in (("first", slice(1, None)), ("last", slice(None, -1))):
            index = _along(came.ndim, axis, part)
            if surplus == 1:
                yield (
                    f"has one {line} too many, the {words}; the rest is right",
                    (target.tells() and target.equals(came[index])),
                )
            else:
                there = target.part(index)
                yield f"lacks the {words} {line}; the rest is right", there.tells() and there.equals(came)
