"""Judges that measure in place of judging: the same checks, run for calibrating them."""

from __future__ import annotations

from typing import ClassVar

import pytest

from grader.judge.calibrated import is_calibrated
from grader.judge.manner import Manner
from grader.judge.result import Better, Within
from grader.judge.session import Judge


class _NoBounds:
    def bound(self, metric: str, better: Better, within: Within) -> float | None:
        return None


def is_not_calibrated(item: pytest.Item) -> bool:
    """Whether a check asks for no calibrated bounds."""
    return not is_calibrated(item)


class Measuring(Judge):
    """Runs the calibrated checks alone. Metrics are recorded and fail nothing, and no check blocks another, so that
    what a metric says of a wrong solution is seen even where other checks would have caught it before. A run is one
    attempt, of the solution itself; and nothing is compared, because seeds differ from run to run."""

    manner: ClassVar[Manner] = Manner(
        is_calibrated,
        _NoBounds(),
        blocks=False,
        repeats=False,
        compares=False,
        nothing="no check uses `calibrated`: there is nothing to calibrate.",
    )


class WithoutCalibrated(Judge):
    """Runs all checks but the calibrated ones."""

    manner: ClassVar[Manner] = Manner(is_not_calibrated)
