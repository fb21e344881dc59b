"""A measured number on a line, with the bound that it had to reach and what a trivial solution reaches."""

from __future__ import annotations

import math
from dataclasses import dataclass

from grader.judge.result import Measurement

WIDE = {"0 to 1": (0.0, 1.0)}  # metrics whose whole range is shown


@dataclass(frozen=True)
class Gauge:
    """Places are percentages of the line, None for what there is no number of. `said` tells the same in words."""

    said: str
    value: float | None
    bound: float | None
    baseline: float | None
    first: str
    last: str


def gauge_of(measured: Measurement) -> Gauge:
    """Where the numbers of a measurement stand on its line."""
    given = [each for each in (measured.value, measured.bound, measured.baseline) if each is not None]
    finite = [each for each in given if math.isfinite(each)]
    first, last = WIDE.get(measured.within) or _range(finite, measured.within == "0 or more")

    def place(number: float | None) -> float | None:
        if number is None or not math.isfinite(number):
            return None
        return round(100 * (min(max(number, first), last) - first) / ((last - first) or 1), 2)

    value = "no finite number" if measured.value is None else f"{measured.value:.4g}"
    said = f"{measured.metric}: {value}"
    if measured.bound is not None:
        said += f"; it had to be at {'least' if measured.better == 'more' else 'most'} {measured.bound:.4g}"
    if measured.baseline is not None:
        said += f"; a trivial solution has {measured.baseline:.4g}"
    return Gauge(
        f"{said}.",
        place(measured.value),
        place(measured.bound),
        place(measured.baseline),
        f"{first:.3g}",
        f"{last:.3g}",
    )


def _range(numbers: list[float], from_zero: bool) -> tuple[float, float]:
    low, high = min(numbers, default=0.0), max(numbers, default=1.0)
    beyond = 0.1 * ((high - low) or abs(high) or 1.0)
    return (0.0 if from_zero else low - beyond), high + beyond
