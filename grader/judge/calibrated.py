"""Bounds that nobody typed in: a check declares a metric, and `make calibrate` finds what right solutions reach.

@problem("2", points=2)
def test_training_beats_guessing(ask: Ask, calibrated: Calibrated) -> None:
    '''Training beats guessing.'''
    share = judged(ask("fit", ...))
    calibrated("share of right answers", share, within="0 to 1", baseline=0.1)
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any, Protocol

import numpy as np
import pytest

from grader.errors import BrokenCheck
from grader.judge.result import Better, Measurement, Within
from grader.judge.verdict import Mismatch, Seen

RANGES: dict[str, tuple[float, float]] = {
    "any number": (-math.inf, math.inf),
    "0 or more": (0.0, math.inf),
    "0 to 1": (0.0, 1.0),
}
LIKE = 0.01  # two values differ by chance up to this part of their distance from the bound


def is_calibrated(item: pytest.Item) -> bool:
    """Whether a check asks for calibrated bounds."""
    return "calibrated" in getattr(item, "fixturenames", ())


class Bounds(Protocol):
    """Where bounds come from."""

    def bound(self, metric: str, better: Better, within: Within) -> float | None:
        """The bound of a metric; None while it is being calibrated. Raises `GraderError`."""
        ...


class Calibrated:
    """Judges metrics by their calibrated bounds; `measured` keeps what it was given."""

    def __init__(self, bounds: Bounds) -> None:
        self.measured: list[Measurement] = []
        self._bounds, self._final = bounds, ""

    def __call__(
        self,
        metric: str,
        value: float,
        *,
        better: Better = "more",
        within: Within = "any number",
        baseline: float | None = None,
        steps: int = 0,
        hint: str = "",
    ) -> None:
        """Raises `Mismatch` where `value` is not as good as the bound. Not a finite number: no points.

        `within` is the range that the metric can have by its nature. `baseline` is what a trivial solution reaches on
        the same data; the calibration shows it. With `steps`, a value between baseline and bound earns its share of
        the check's points, rounded down to a whole number of steps: with 4 steps 0, 1/4, 1/2 or 3/4. A metric that
        earns a share ends a check, so it must be the last of its check.
        """
        __tracebackhide__ = True
        if isinstance(value, bool) or not isinstance(value, (int, float, np.integer, np.floating)):
            raise BrokenCheck(f"calibrated({metric!r}, ...) was given {type(value).__name__}, not a number.")
        if self._final or metric in {each.metric for each in self.measured}:
            last = f"{self._final!r}, which earns a share, must come last" if self._final else f"{metric!r} came before"
            raise BrokenCheck(f"calibrated({metric!r}, ...): {last}.")
        if steps and baseline is None:
            raise BrokenCheck(f"calibrated({metric!r}, ...): a share of the points needs a baseline to begin at.")
        if baseline is not None and not math.isfinite(baseline):
            raise BrokenCheck(f"calibrated({metric!r}, ...): the baseline is {baseline}, no finite number.")
        came, (low, high) = float(value), RANGES[within]
        if not (low <= came <= high or math.isnan(came)):
            raise BrokenCheck(f"calibrated({metric!r}, ...): {came} is not within {within!r}.")
        bound = self._bounds.bound(metric, better, within)
        self._final = metric if steps else ""
        self.measured.append(
            Measurement(
                metric=metric,
                value=came if math.isfinite(came) else None,
                bound=bound,
                better=better,
                within=within,
                baseline=None if baseline is None else float(baseline),
            )
        )
        if bound is None or (math.isfinite(came) and good(came, bound, better)):
            return
        raise _mismatch(metric, came, bound, better, baseline, steps, hint)


def good(value: float, bound: float, better: Better) -> bool:
    """Whether a finite value is at the bound or on its good side."""
    return value >= bound if better == "more" else value <= bound


def share(value: float, baseline: float, bound: float, steps: int) -> Fraction:
    """How far a value got from baseline to bound: exact, rounded down to a multiple of 1/steps, and less than 1.

    0 where the baseline is as good as the bound, which then has nothing to share out.
    """
    way, done = Fraction(bound) - Fraction(baseline), Fraction(value) - Fraction(baseline)
    if way == 0 or done / way <= 0:
        return Fraction(0)
    return Fraction(min(math.floor(done / way * steps), steps - 1), steps)


def _mismatch(
    metric: str, came: float, bound: float, better: Better, baseline: float | None, steps: int, hint: str
) -> Mismatch:
    what = f"{metric}," if "," in metric else metric  # "gain over chance, in standard errors"
    if not math.isfinite(came):
        summary = f"The {what} is no finite number."
        return Mismatch(summary, came=f"{came}", expected="a finite number", hint=hint, seen=Seen(f"{metric}: {came}"))
    credit = Fraction(0)
    if baseline is not None and steps and good(bound, baseline, better):
        credit = share(came, baseline, bound, steps)
    part = f" It earns {credit} of the points: it is better than a trivial solution." if credit else ""
    side = "at least" if better == "more" else "at most"
    against = "" if baseline is None else f"; a trivial solution reaches {baseline:.4g}"
    mismatch = Mismatch(
        f"The {what} is not what right solutions reach.{part}",
        came=f"{metric}: {came:.4g}",
        expected=f"{side} {bound:.4g}{against}",
        hint=hint,
        seen=Seen(came, None, LIKE * abs(came - bound)),
    )
    mismatch.credit = credit
    return mismatch


def stored(value: Any) -> float | None:
    """A value as the calibration keeps it: six digits."""
    return None if value is None else float(f"{value:.6g}")
