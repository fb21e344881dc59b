"""Means over seeds with their 95 % intervals, as all tables have them."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

# Student's t: how many standard errors make a 95 % interval, by degrees of freedom.
T_95 = {1: 12.71, 2: 4.30, 3: 3.18, 4: 2.78, 5: 2.57, 6: 2.45, 7: 2.36, 8: 2.31, 9: 2.26}
T_95_OF_MORE = 2.23


@dataclass(frozen=True)
class Interval:
    """A mean and the half-width of its 95 % interval (NaN for a single value, which says nothing of spread)."""

    mean: float
    half_width: float

    def __str__(self) -> str:
        return f"{self.mean:.3f}" if math.isnan(self.half_width) else f"{self.mean:.3f} ± {self.half_width:.3f}"


def interval(values: Sequence[float]) -> Interval:
    """Mean and interval of a few numbers, one per seed."""
    t = T_95.get(len(values) - 1, T_95_OF_MORE)
    return Interval(float(np.mean(values)), t * standard_error(values))


def standard_error(values: Sequence[float]) -> float:
    """Of the mean of these values; NaN for a single one."""
    return float(np.std(values, ddof=1)) / math.sqrt(len(values)) if len(values) > 1 else math.nan


def unique(values: Sequence) -> list:
    """The different ones, in the order in which they first came."""
    return list(dict.fromkeys(values))
