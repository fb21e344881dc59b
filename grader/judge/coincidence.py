"""When agreement tells something: right answers as numbers, and how much information their values hold."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

Floats = np.ndarray[tuple[int, ...], np.dtype[np.float64]]
Mask = np.ndarray[tuple[int, ...], np.dtype[np.bool_]]

ENOUGH = 24.0  # bits: some sixty explanations are tried, so one in 250,000 wrong answers fits one by chance
ENOUGH_OF_A_NUMBER = 12.0  # bits: a single number can only be tried for four ratios
MOST_PER_VALUE = 20.0  # bits that one value counts for at most, however small the tolerance
GRID = 8  # values that are all multiples of 1/8 are taken for counts, ranks or marks, of which few are possible
ROUNDING = 4 * float(np.finfo(np.float64).eps)
FEW = 12  # things, of which shares are common
SINGLE = 1e-6  # how far a share may be off that was computed in float32
TINY = 1e-300  # so that no tolerance is 0


@dataclass(frozen=True)
class Target:
    """The right values and how far from each an answer may be, both float64 and of one shape."""

    values: Floats
    tolerance: Floats

    @classmethod
    def of(cls, expected: Floats, atol: float, rtol: float) -> Target:
        """With the check's tolerance, or that of rounding where the check allows none."""
        rounding = ROUNDING * np.abs(expected).max(initial=0.0) + TINY
        return cls(expected, np.maximum(atol + rtol * np.abs(expected), rounding))

    def matches(self, other: Floats) -> Mask:
        """Which values of `other`, an array of the same shape, are right."""
        with np.errstate(all="ignore"):
            matches: Mask = np.abs(other - self.values) <= self.tolerance
        return matches

    def equals(self, other: Floats) -> bool:
        return other.shape == self.values.shape and bool(self.matches(other).all())

    def part(self, index: tuple[slice, ...] | Mask) -> Target:
        return Target(self.values[index], self.tolerance[index])

    def moved(self, values: Floats, tolerance: Floats) -> Target:
        """The same after a transformation; a tolerance is never below that of rounding."""
        return Target(values, np.maximum(tolerance, ROUNDING * np.abs(values) + TINY))

    @cached_property
    def distinct(self) -> int:
        """How many values differ from each other by more than the tolerance could explain."""
        ordered = np.sort(self.values, axis=None)
        return 1 + int(np.count_nonzero(np.diff(ordered) > 2 * self.tolerance.max())) if ordered.size else 0

    def tells(self, *, fitted: int = 0, choices: float = 0.0) -> bool:
        """Whether agreement with all these values is no coincidence.

        `fitted` is how many numbers were fitted to make them agree: there must be at least two values more than that.
        `choices` is how many bits it takes to say which of several arrangements was tried.
        """
        return self.distinct >= fitted + 2 and self._bits(fitted) >= ENOUGH + choices

    @property
    def tells_a_number(self) -> bool:
        """The same for a single number, or an array of equal ones, and a few fixed ratios."""
        if not self.values.size:
            return False
        size, tolerance = np.abs(self.values).max(), self.tolerance.max()
        counted = _step(self.values) > 0
        return self.distinct == 1 and not counted and bool(np.log2(size / tolerance) >= ENOUGH_OF_A_NUMBER)

    @property
    def a_share(self) -> bool:
        """Whether all values are the share that some of a few things have, such as 1/3: twice of that is often met."""
        size = float(np.abs(self.values).max(initial=0.0))
        parts = np.arange(2, FEW + 1) * size
        return size <= 1 and bool((np.abs(parts - np.round(parts)) <= SINGLE).any())

    def _bits(self, fitted: int) -> float:
        spread, free = float(np.ptp(self.values)), self.distinct - fitted
        step = _step(self.values)
        if not step:
            return free * _capped(spread / self.tolerance.max())
        counts = np.unique(self.values, return_counts=True)[1]
        surprise = 0.0 if fitted else float((counts * np.log2(self.values.size / counts)).sum())
        return max(surprise, free * _capped(spread / step + 1))


def _capped(possibilities: float) -> float:
    return min(MOST_PER_VALUE, float(np.log2(max(1.0, possibilities))))


def _step(values: Floats) -> float:
    """What all values are multiples of: 1 of whole numbers, 1/8 of round ones, 0 where there is no such step."""
    return next((step for step in (1.0, 1.0 / GRID) if np.all(values / step == np.round(values / step))), 0.0)
