"""Results as checks end: whoever is stopped from outside leaves behind what was known by then."""

from __future__ import annotations

import resource
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from grader.atomic import write_atomically
from grader.gradescope.waiting import Waits
from grader.judge.brief import Brief, Judged
from grader.judge.result import CheckResult, Result, total
from grader.judge.session import Judge
from grader.sandbox.confine import rlimits
from grader.sandbox.replies import StartHost

JUDGE_MB = 192  # for what a check may unfold on our side, beyond what the judge begins with


class Progress(BaseModel):
    """A submission while it is judged: the result so far, and the names of the checks that have ended."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    result: Result
    finished: frozenset[str] = frozenset()

    def with_check(self, ended: CheckResult) -> Progress:
        """The same with one more check. What was there of it is replaced."""
        checks = tuple(ended if check.id == ended.id else check for check in self.result.checks)
        finished = self.finished | {ended.id}
        counted = tuple(check for check in checks if check.id in finished)
        problems = tuple(
            each if each.points is None else each.model_copy(update={"points": total(counted, each.id)})
            for each in self.result.problems
        )
        points = sum((check.points for check in counted), Fraction(0))
        changed = {"checks": checks, "problems": problems, "points": points}
        return Progress(result=self.result.model_copy(update=changed), finished=finished)


def keep_progress(path: Path, progress: Progress) -> None:
    """Writes it whole, for the process that waits."""
    write_atomically(path, progress.model_dump_json().encode())


def kept_progress(path: Path) -> Progress | None:
    """What was kept; None where nothing was judged yet."""
    return Progress.model_validate_json(path.read_bytes()) if path.exists() else None


def reporting(tell: Callable[[Progress], None], waits: Waits) -> type[Judge]:
    """A judge that tells how far it is after each check of a submission. It runs in a process of its own, so `tell`
    writes files. What is put again to explain a result is not told of. `waits` has how long the submission took."""

    class Reporting(Judge):
        def __init__(self, *arguments: Any, start_host: StartHost, **others: Any) -> None:
            super().__init__(*arguments, start_host=waits.counting(start_host), on_check=self._ended, **others)
            self._progress: Progress | None = None
            hard = rlimits.baseline().data + JUDGE_MB * rlimits.MB
            resource.setrlimit(resource.RLIMIT_DATA, (hard, hard))

        def judged(self, brief: Brief) -> Judged:
            first = brief.asked is None and not brief.given
            self._progress = Progress(result=self.failed(brief, "")) if first else None
            if self._progress:
                waits.forget()  # of a judge that was lost
                tell(self._progress)
            return super().judged(brief)

        def _ended(self, check: CheckResult) -> None:
            if self._progress:
                self._progress = self._progress.with_check(check)
                tell(self._progress)

    return Reporting
