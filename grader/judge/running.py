"""Runs one check as pytest runs a test, and notes how it ended.

What a run is given, and what comes of it, is one value. It lies in the stash of the check's item while pytest runs it,
where these hooks and the fixtures find it.
"""

from __future__ import annotations

import inspect
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from grader.course.assignment import Assignment
from grader.course.secret import Secret
from grader.errors import BrokenCheck, GraderError, SandboxLost
from grader.judge.answers import Answers
from grader.judge.ask import Allowance, Ask
from grader.judge.calibrated import Bounds, Calibrated
from grader.judge.draws import Draws
from grader.judge.patience import limited
from grader.judge.problem import Check
from grader.judge.quote import Quotes
from grader.judge.result import Measurement
from grader.judge.verdict import Blocked, Broke, CheckEnded, Ending, Passed
from grader.sandbox.replies import Host

NOT_RUN = "not run"  # what our own record says of a check to which pytest never came


@dataclass
class Run:
    """One run of one check: what it is given, and what comes of it.

    Inputs depend on the `attempt`. With `blocked`, the check is not asked.
    """

    check: Check
    attempt: int
    host: Host
    quotes: Quotes
    allowance: Allowance
    seed: Secret | None
    shift: int = 0
    further: bool = False  # a further draw
    blocked: Blocked | None = None
    ended: Ending | None = None
    ask: Ask | None = None
    metrics: Calibrated | None = None
    place: tuple[str, ...] = ()  # the lines of the checks' files that led to where it ended

    @property
    def ending(self) -> Ending:
        return self.ended or GraderError(NOT_RUN)

    @property
    def measured(self) -> tuple[Measurement, ...]:
        return tuple(self.metrics.measured) if self.metrics else ()


RUN = pytest.StashKey[Run]()


class Running:
    """The hooks of one check's run. They hold only what is the same for all submissions."""

    def __init__(
        self,
        assignment: Assignment,
        answers: Answers,
        bounds: Callable[[pytest.Item], Bounds],
        check_cpu_s: float | None,
    ) -> None:
        self._folders = (str(assignment.folder / "checks"), str(assignment.solution / "checks"))
        self._answers, self._bounds, self._check_cpu_s = answers, bounds, check_cpu_s

    def run(self, item: pytest.Item, following: pytest.Item | None, run: Run) -> None:
        """Runs one check; what comes of it is noted in `run`. Raises `SandboxLost`."""
        item.stash[RUN] = run
        try:
            item.ihook.pytest_runtest_protocol(item=item, nextitem=following)
        finally:
            del item.stash[RUN]
        if isinstance(run.ended, SandboxLost):
            raise run.ended

    def ask(self, item: pytest.Item) -> Ask:
        """The `ask` fixture of one check."""
        run = item.stash[RUN]
        # Public checks are asked the same everywhere, so that their answers can be recorded for students.
        secret = 0 if run.check.visibility == "public" and not run.further else run.seed
        assert secret is not None  # the judge has put in the session's
        if run.check.fresh:
            run.host.renew()
        run.ask = Ask(
            run.host,
            self._answers,
            Draws(secret, item.name, run.attempt),
            run.quotes,
            run.allowance,
            budget_s=run.check.budget_s,
            shift=run.shift,
        )
        return run.ask

    def calibrated(self, item: pytest.Item) -> Calibrated:
        """The `calibrated` fixture of one check. Raises `CourseError` where there is no current calibration."""
        metrics = item.stash[RUN].metrics = Calibrated(self._bounds(item))
        return metrics

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        run = item.stash[RUN]
        if run.blocked:
            run.ended = run.blocked
            pytest.skip(run.blocked.root)

    @pytest.hookimpl(tryfirst=True)
    def pytest_pyfunc_call(self, pyfuncitem: pytest.Function) -> bool:
        """Calls the check; one that returns something, even False, would otherwise count as passed."""
        __tracebackhide__ = True
        names = inspect.signature(pyfuncitem.obj).parameters
        value = pyfuncitem.obj(**{name: pyfuncitem.funcargs[name] for name in names})
        if value is not None:
            raise GraderError(f"A check ends by an exception or not at all; this one returned {type(value).__name__}.")
        return True

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self) -> Iterator[None]:
        with limited(self._check_cpu_s):
            return (yield)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
        report = yield
        run, error = item.stash[RUN], call.excinfo.value if call.excinfo else None
        if error is None:
            if call.when == "call" and run.ended is None:
                run.ended = Passed()
        elif run.ended is None or isinstance(run.ended, Passed):  # what broke while it was taken down counts, too
            run.ended, run.place = classified(error), self._lines_of(error)
            if isinstance(error, AssertionError) and not run.place:  # not a check's: one of pytest's, or of ours
                run.ended = GraderError("".join(traceback.format_exception(error))[-4000:])
        return report

    def _lines_of(self, error: BaseException) -> tuple[str, ...]:
        """Where in the checks' files an exception came by, the innermost place last."""
        return tuple(
            f"{Path(frame.f_code.co_filename).name}:{line}"
            for frame, line in traceback.walk_tb(error.__traceback__)
            if frame.f_code.co_filename.startswith(self._folders)
        )


def classified(error: BaseException) -> Ending:
    """How an exception out of a check ends it."""
    if isinstance(error, BrokenCheck):
        return Broke(str(error))
    if isinstance(error, (CheckEnded, GraderError)):
        return error
    if isinstance(error, pytest.skip.Exception):
        return GraderError(f"A check may not skip itself: {error.msg}")
    if isinstance(error, AssertionError):
        return CheckEnded("failed", "This does not hold for your code.", detail=str(error)[:4000])
    return Broke("".join(traceback.format_exception(error))[-4000:])
