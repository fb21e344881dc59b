"""A judge that measures in place of judging: the same checks, run for calibrating them."""

from __future__ import annotations

import pytest

from grader.errors import CourseError
from grader.judge.calibrated import Calibrated, is_calibrated
from grader.judge.result import Better, Within
from grader.judge.retest import Retest
from grader.judge.session import Judge, Sitting


class Measuring(Judge):
    """Runs the calibrated checks alone. Metrics are recorded and fail nothing, and no check blocks another, so that
    what a metric says of a wrong solution is seen even where other checks would have caught it before."""

    def collect(self, items: list[pytest.Item]) -> None:
        super().collect(items)
        items[:] = [item for item in items if is_calibrated(item)]
        self.checks = {item.name: self.checks[item.name] for item in items}
        if not items:
            raise CourseError(f"No check of {self.assignment.name} uses `calibrated`: there is nothing to calibrate.")

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Nothing blocks a check."""

    def calibrated(self, item: pytest.Item) -> Calibrated:
        self.metrics = Calibrated(_NoBounds())
        return self.metrics

    def retest(self, item: pytest.Item) -> Retest | None:
        return None  # a run is one attempt

    def with_substitutes(self, sitting: Sitting, items: list[pytest.Item]) -> None:
        """Nothing is put again: what is measured is of the solution itself."""

    def diagnose(self, sitting: Sitting) -> None:
        """Nothing is compared: seeds differ from run to run."""


class WithoutCalibrated(Judge):
    """Runs all checks but the calibrated ones."""

    def collect(self, items: list[pytest.Item]) -> None:
        super().collect(items)
        items[:] = [item for item in items if not is_calibrated(item)]
        self.checks = {item.name: self.checks[item.name] for item in items}


class _NoBounds:
    def bound(self, metric: str, better: Better, within: Within) -> float | None:
        return None
