"""One pytest session as a judge: it collects the checks once and puts them to one submission or to many."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from typing import ClassVar

import pytest

from grader.course.assignment import Assignment
from grader.course.secret import Secret
from grader.errors import SandboxLost
from grader.judge.again import Again
from grader.judge.answers import Answers
from grader.judge.below import beside
from grader.judge.brief import Brief, Judged
from grader.judge.calibrated import Bounds
from grader.judge.calibration import CurrentCalibration
from grader.judge.collecting import Collected, Collecting, Wish
from grader.judge.evidence import Findings
from grader.judge.manner import GRADES, Manner
from grader.judge.plugin import JUDGE
from grader.judge.putting import Putting
from grader.judge.quote import Quotes
from grader.judge.records import failed_result, result_of
from grader.judge.result import CheckResult, Environment, Result
from grader.judge.running import Running
from grader.judge.sitting import Sitting
from grader.judge.telling import tell
from grader.judge.turns import in_turn
from grader.sandbox.replies import Given, Host, StartHost


class Judge:
    """The plugin object that holds everything secret of a session. Nothing of it changes from submission to submission.

    When the checks are collected, `work` is called with a function that judges one brief, and may call it as often as
    there is something to judge. `start_host` makes the process for a submission's modules, with what is given in their
    place; `reference` makes one for the reference (to find out whether a check that broke down was broken by the
    answers it got); `substitutes` has the reference's part of some problems, and without it what builds on a mistake
    stays blocked; `on_check` hears of each check as it ends. `only` limits the session to some problems, and
    `check_cpu_s` what a check may compute on this side. Checks that need weights for which `absence` has a reason, by
    their name, are left out.
    """

    manner: ClassVar[Manner] = GRADES

    def __init__(
        self,
        assignment: Assignment,
        answers: Answers,
        environment: Environment,
        secret: Secret,
        *,
        work: Callable[[Callable[[Brief], Judged]], None],
        start_host: StartHost,
        reference: Callable[[], Host] | None,
        substitutes: Callable[[Collection[str]], Mapping[str, Given]] | None = None,
        on_check: Callable[[CheckResult], None] = lambda result: None,
        only: frozenset[str] = frozenset(),
        demand_points: bool = True,
        check_cpu_s: float | None = None,
        absence: Callable[[str], str] = lambda name: "",
    ) -> None:
        self.assignment, self.environment, self._probes = assignment, environment, assignment.probes
        self._secret = secret
        self._work, self._on_check, self._only = work, on_check, only
        self._start_host, self._reference, self._substitutes = start_host, reference, substitutes
        self._collecting = Collecting(Wish(assignment, only, demand_points, absence, self.manner))
        calibration = CurrentCalibration(assignment)

        def bounds(item: pytest.Item) -> Bounds:
            return self.manner.bounds or calibration.of(item.name, item.path)

        self.running = Running(assignment, answers, bounds, check_cpu_s)

    @property
    def collected(self) -> Collected:
        """The checks; none before they are collected."""
        return self._collecting.collected

    @property
    def complaints(self) -> list[str]:
        """Why checks could not be collected."""
        return self._collecting.complaints

    def enlist(self, manager: pytest.PytestPluginManager) -> None:
        """Registers this judge with a pytest session, and the hooks of collecting and of running a check."""
        manager.register(self, JUDGE)
        manager.register(self._collecting)
        manager.register(self.running)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool | None:
        if session.testsfailed or session.config.option.collectonly:
            return None
        self._work(self.judged)
        return True

    def judged(self, brief: Brief) -> Judged:
        """Puts the checks to one submission. What goes wrong on our side is said in what it returns."""
        brief = self._whole(brief)
        try:
            return self._judged(brief)
        except SandboxLost as lost:
            return Judged(self.failed(brief, str(lost)), Findings({}, trouble="disturbed"), lost)
        except Exception:  # ours: the submission keeps its place, the next one is judged
            return Judged(self.failed(brief, traceback.format_exc()[-4000:]), Findings({}, trouble="ours"))

    def _judged(self, brief: Brief) -> Judged:
        checks = self.collected.checks
        sitting = self._sitting(brief)
        try:
            if brief.submission.refusal is None and self.collected.items:
                self._put(sitting)
            if self.manner.compares:  # now that all have ended
                for name in sitting.evidence:
                    tell(name, sitting, checks)
            result = result_of(sitting, self.collected, self.assignment, self.environment, self._only)
            return Judged(result, sitting.findings)
        finally:
            sitting.host.close()

    def _sitting(self, brief: Brief) -> Sitting:
        submission, quotes = brief.submission, Quotes.of(brief.submission, self._probes)
        results, allowances = dict(brief.occasion.results), brief.occasion.allowances()
        if not (brief.given and self._substitutes):
            host = self._start_host(submission.modules)
        else:
            given = self._substitutes(brief.given)
            host = self._start_host(beside(given, submission, quotes, results), given)
        return Sitting(brief, host, quotes, results, allowances=allowances, given=brief.given)

    def _put(self, sitting: Sitting) -> None:
        """Puts each check, and what builds on a mistake again."""
        putting = Putting(self.collected, self.running, self.manner, self._reference)
        items, asked = self.collected.items, sitting.brief.asked
        for item, following in in_turn([it for it in items if asked is None or it.name in asked], items[0]):
            sitting.results[item.name] = putting.put(sitting, item, following)
            tell(item.name, sitting, self.collected.checks)  # whoever waits for it sees at once how the answer differs
            if item.name not in self.collected.below_asked:
                self._on_check(sitting.results[item.name])
        if self._substitutes and sitting.brief.substitutes and self.manner.repeats:
            Again(putting, self._start_host, self._substitutes, self._only).put(sitting)

    def failed(self, brief: Brief, why: str) -> Result:
        """The result of a submission that we failed to judge: `grader_error` for every check."""
        whole = self._whole(brief)
        return failed_result(whole, self.collected, self.assignment, self.environment, self._only, why)

    def _whole(self, brief: Brief) -> Brief:
        return brief if brief.seed is not None else replace(brief, seed=self._secret)
