"""Putting a check again that may fail by chance: a sequential test with stated error rates."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from grader.errors import CourseError


@dataclass(frozen=True)
class Retest:
    """Wald's sequential probability ratio test over attempts with fresh inputs, cut off after `attempts` of them.

    A right solution passes one attempt with probability `right` or more (`calibrate` sets the bounds of a calibrated
    check so that it does), a wrong one with probability `wrong` or less. Attempts go on until one of the two is clearly
    the better account of what was seen; after the last one, the better account of the two counts. Then

        a right solution fails the check with probability `false_fail` or less,
        a wrong one passes it with probability `false_pass` or less.

    Both are computed exactly, cut-off included. Raises `CourseError` where so few attempts cannot keep them.
    """

    right: float
    wrong: float
    false_fail: float = 1e-4
    false_pass: float = 0.05
    attempts: int = 20

    def __post_init__(self) -> None:
        if not 0 < self.wrong < self.right < 1:
            raise CourseError(f"Retest: needs 0 < wrong < right < 1, not wrong={self.wrong}, right={self.right}.")
        if not (0 < self.false_fail < 0.5 and 0 < self.false_pass < 0.5 and 1 <= self.attempts <= 1000):
            raise CourseError("Retest: error rates lie between 0 and 1/2, and attempts between 1 and 1000.")
        fails, passes = 1 - self.passing(self.right), self.passing(self.wrong)
        if fails > self.false_fail or passes > self.false_pass:
            raise CourseError(
                f"Retest: with {self.attempts} attempts a right solution fails with probability {fails:.2g} (stated: "
                f"{self.false_fail:g}) and a wrong one passes with {passes:.2g} (stated: {self.false_pass:g}). Allow "
                "more attempts, or larger error rates."
            )

    def decided(self, passed: int, failed: int) -> Literal["passed", "failed"] | None:
        """The verdict after so many passed and failed attempts; None while there should be another one."""
        weight = passed * math.log(self.wrong / self.right) + failed * math.log((1 - self.wrong) / (1 - self.right))
        wrong = math.log((1 - self.false_pass) / self.false_fail)  # from here on, "wrong" is the better account
        right = math.log(self.false_pass / (1 - self.false_fail))
        if right < weight < wrong and passed + failed < self.attempts:
            return None
        return "failed" if weight > (wrong + right) / 2 else "passed"

    def passing(self, probability: float) -> float:
        """How likely a solution passes the check when it passes each attempt with `probability`. Exact."""
        return self._outcomes(probability)[0]

    def expected_attempts(self, probability: float) -> float:
        """How many attempts such a solution takes on average. Exact."""
        return self._outcomes(probability)[1]

    def _outcomes(self, probability: float) -> tuple[float, float]:
        undecided, passing, attempts = {0: 1.0}, 0.0, 0.0  # passed attempts so far -> how likely
        for made in range(1, self.attempts + 1):
            attempts += sum(undecided.values())
            after: dict[int, float] = {}
            for passed, chance in undecided.items():
                for more, share in ((1, probability), (0, 1 - probability)):
                    match self.decided(passed + more, made - passed - more):
                        case "passed":
                            passing += chance * share
                        case None:
                            after[passed + more] = after.get(passed + more, 0.0) + chance * share
            undecided = after
        return passing, attempts
