"""One pytest session as a judge: it collects the checks once and puts them to one submission or to many."""

from __future__ import annotations

import inspect
import time
import traceback
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from _pytest.outcomes import Skipped

from grader.course.assignment import DESCRIPTION, Assignment
from grader.errors import BrokenCheck, CourseError, GraderError, SandboxError, SandboxLost
from grader.intake import Submission
from grader.judge.answers import Answers
from grader.judge.ask import Allowance, Ask
from grader.judge.attempts import concluded, undecided
from grader.judge.below import basis_of, better, went_wrong
from grader.judge.calibrated import Calibrated
from grader.judge.calibration import CurrentCalibration
from grader.judge.compare import holds_none
from grader.judge.diagnosis import WRONG
from grader.judge.difference import difference, only_the_gradient
from grader.judge.evidence import OTHER_FORM, Evidence, Findings, Trouble
from grader.judge.kinds import NOTHING
from grader.judge.left_out import LeftOut
from grader.judge.patience import limited
from grader.judge.problem import Check, needed
from grader.judge.quote import Quotes
from grader.judge.result import CheckResult, Diagnosis, Environment, ProblemResult, Result, total
from grader.judge.retest import Retest
from grader.judge.verdict import CheckEnded, Mismatch, Seen
from grader.sandbox.inline import InlineHost
from grader.sandbox.replies import Given, Host, StartHost
from grader.text import clean, clean_line

# How a check ended: None passed; a word ("not run", "blocked", "broken") says what an exception object would not.
Ended = CheckEnded | GraderError | str | None

UNBLOCKED = ("missing", "invalid")
TEXTS = ("summary", "hint", "came", "expected", "detail")
MAX_TEXT = 8000
VALUES_FIRST = (
    "A check of this problem that is not about gradients failed, too: mend that first. The gradient may follow."
)
OURS = "The grader made a mistake here, not you. Nothing is lost: the check will be run again."


class Blocked(Skipped):
    """A check that was not run because one that it needs did not pass."""


@dataclass
class Sitting:
    """One submission while it is judged."""

    submission: Submission
    host: Host
    quotes: Quotes
    results: dict[str, CheckResult] = field(default_factory=dict)
    evidence: dict[str, Evidence] = field(default_factory=dict)
    last_probes: dict[str, str] = field(default_factory=dict)  # of each check with evidence: what it had asked last
    allowances: dict[str, Allowance] = field(default_factory=dict)  # by problem
    disturbed: bool = False  # a check could not be judged, because somebody ended a process
    started: float = field(default_factory=time.perf_counter)
    graded_at: datetime = field(default_factory=lambda: datetime.now(UTC))


class Judge:
    """The plugin object that holds everything secret of a session.

    `start_host` makes the process for a submission's modules, with what is given in their place; `reference` makes one
    for the reference (to find out whether a check that broke down was broken by the answers it got); `substitutes` has
    the reference's part of some problems, and without it what builds on a mistake stays blocked; `submissions` yields
    what is to be judged, `deliver` takes each result, `on_check` each check as it ends, `on_lost` the news that the
    sandbox is gone, which ends the session. `only` limits the session to some problems, and `check_cpu_s` what a check
    may compute on this side. Checks that need weights for which `absence` has a reason, by their name, are left out of
    it, and noted in `left_out`.
    """

    def __init__(
        self,
        assignment: Assignment,
        answers: Answers,
        environment: Environment,
        *,
        start_host: StartHost,
        reference: Callable[[], Host] | None,
        substitutes: Callable[[Collection[str]], Mapping[str, Given]] | None = None,
        submissions: Iterator[Submission],
        deliver: Callable[[Result], None],
        on_check: Callable[[CheckResult], None] = lambda result: None,
        on_lost: Callable[[SandboxLost], None] | None = None,
        only: frozenset[str] = frozenset(),
        demand_points: bool = True,
        check_cpu_s: float | None = None,
        absence: Callable[[str], str] = lambda name: "",
    ) -> None:
        self.assignment, self.answers, self.environment = assignment, answers, environment
        self.probes = assignment.probes
        self.start_host, self.start_reference, self.substitutes = start_host, reference, substitutes
        self.submissions, self.deliver, self.on_check = submissions, deliver, on_check
        self.on_lost = on_lost
        self.only, self.demand_points, self.check_cpu_s = only, demand_points, check_cpu_s
        self.absence, self.left_out = absence, LeftOut()
        self.checks: dict[str, Check] = {}
        self.basis_of: Mapping[str, frozenset[str]] = {}  # of each problem, what it builds on
        self.below_asked: frozenset[str] = frozenset()  # checks that are put, and of which nothing is told
        self.roots: dict[str, str] = {}  # blocked check -> the one at the root of what blocks it
        self.titles: dict[str, str] = {}
        self.sitting: Sitting | None = None
        self.findings = Findings({})  # of the submission judged last
        self.current: tuple[str, Ask] | None = None
        self.calibration = CurrentCalibration(assignment)
        self.metrics: Calibrated | None = None  # of the current check
        self.attempt = 0  # at the current check
        self.ended: Ended = None
        self.fault: str = ""
        self.blocker: str = ""  # a needed check that did not pass
        self.place: tuple[str, ...] = ()  # the lines of the checks' files that led to where a check ended
        self.shift = 0  # of where random streams start in the submission's process
        self.given: frozenset[str] = frozenset()  # the problems in whose place the reference's part stands
        self.asked: frozenset[str] | None = None  # the checks to put; None: all
        self.complaints: list[str] = []  # why checks could not be collected

    # ---- collecting -------------------------------------------------------------------------------------------

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        try:
            self.collect(items)
        except CourseError as error:
            raise pytest.UsageError(str(error)) from None

    def collect(self, items: list[pytest.Item]) -> None:
        """Reads the checks' marks, and puts the checks in an order in which each comes after what it needs."""
        for item in items:
            mark = item.get_closest_marker("problem")
            if mark is None or not isinstance(mark.args[0] if mark.args else None, Check):
                raise CourseError(f"{item.nodeid}: a check needs @problem(...) of grader.judge.")
            if item.name in self.checks:
                raise CourseError(f"{item.nodeid}: another check is called {item.name}; give each its own name.")
            doc = (getattr(item, "function", item).__doc__ or "").strip()
            if not doc:
                raise CourseError(f"{item.nodeid}: a check needs a docstring: the line that the student sees.")
            self.checks[item.name], self.titles[item.name] = mark.args[0], doc.splitlines()[0]
        validate(self.assignment, self.checks, demand_points=self.demand_points)
        self.basis_of = basis_of(self.checks)
        order = ordered(self.checks)
        items.sort(key=lambda item: order.index(item.name))
        if unknown := self.only - {problem.id for problem in self.assignment.problems if problem.kind == "code"}:
            ids = ", ".join(problem.id for problem in self.assignment.problems if problem.kind == "code")
            raise CourseError(f"{self.assignment.name} has no code problem {sorted(unknown)[0]!r}. There is: {ids}.")
        if self.only:
            asked = {name for name, check in self.checks.items() if check.problem in self.only}
            # In practice what they build on is put, too: whoever has to mend something else first is told so.
            self.below_asked = frozenset() if self.demand_points else self.basis(asked) - asked
            items[:] = [item for item in items if item.name in asked | self.below_asked]
            self.checks = {item.name: self.checks[item.name] for item in items}
        self.left_out = LeftOut.of(items, self.checks, self.titles, self.absence)
        items[:] = [item for item in items if item.name not in self.left_out.names]
        self.checks = {name: check for name, check in self.checks.items() if name not in self.left_out.names}

    def of_problem(self, problem: str) -> frozenset[str]:
        """The names of a problem's checks."""
        return frozenset(name for name, check in self.checks.items() if check.problem == problem)

    def basis(self, names: Iterable[str]) -> frozenset[str]:
        """These checks, and all that they need, directly or not."""
        found, todo = set[str](), list(names)
        while todo:
            name = todo.pop()
            if name not in found:
                found.add(name)
                todo += [each for need in self.checks[name].needs for each in needed(need, self.checks)]
        return frozenset(found)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.complaints.append(f"{report.nodeid}: {report.longreprtext[-4000:]}")

    # ---- judging ----------------------------------------------------------------------------------------------

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool | None:
        if session.testsfailed or session.config.option.collectonly:
            return None
        for submission in self.submissions:
            try:
                self.judge(submission, session.items)
            except SandboxLost as lost:
                if self.on_lost is not None:
                    self.on_lost(lost)
                    return True
                self.deliver(self.failed_result(submission.name, str(submission.source), str(lost)))
            except Exception:  # ours: the submission keeps its place, the next one is judged
                fault = traceback.format_exc()[-4000:]
                self.findings = Findings({}, trouble="ours")
                self.deliver(self.failed_result(submission.name, str(submission.source), fault))
        return True

    def judge(self, submission: Submission, items: list[pytest.Item]) -> None:
        """Puts all checks to one submission and delivers the result."""
        self.findings, self.roots = Findings({}), {}
        host = self.start_host(submission.modules)
        self.sitting = Sitting(submission, host, Quotes.of(submission, self.probes))
        try:
            if submission.problem is None and items:
                asked = [item for item in items if self.asked is None or item.name in self.asked]
                for item, following in self.in_turn(asked, items[0]):
                    self.run(item, following)
                self.with_substitutes(self.sitting, items)
            self.diagnose(self.sitting)
            self.findings = replace(findings(self.sitting), trouble=trouble(self.sitting))
            result = self.result(self.sitting)
        finally:
            self.sitting = None
            host.close()
        # Last, and once: if anything above fails, the caller delivers a result that says so instead.
        self.deliver(result)

    def in_turn(
        self, chosen: Sequence[pytest.Item], first: pytest.Item
    ) -> Iterator[tuple[pytest.Item, pytest.Item | None]]:
        """Each chosen check, with the one that comes next: that keeps what both need set up.

        Before and after, what stands set up is for the `first` check of all. A check that comes next to itself would
        keep its own too, and so be asked of the submission before: then nothing stays.
        """
        if chosen and chosen[0] is not first:
            first.ihook.pytest_runtest_teardown(item=first, nextitem=chosen[0])
        for item, following in zip(chosen, [*chosen[1:], first], strict=True):
            yield item, None if following is item else following

    def diagnose(self, sitting: Sitting) -> None:
        """Adds to each failed check how the answer differs from the right one, now that all have ended."""
        for name in sitting.evidence:
            self.tell(name, sitting)

    def with_substitutes(self, sitting: Sitting, items: list[pytest.Item]) -> None:
        """Puts what did not pass and builds on other problems that went wrong again, with the reference's part of
        those in place of the submission's own. Where only some problems are asked about, the others may have gone
        wrong."""
        if self.substitutes is None or self.asked is not None:
            return
        for problem, basis in self.basis_of.items():
            verdicts = {name: result.verdict for name, result in sitting.results.items()}
            below = frozenset(
                other
                for other in basis
                if (self.only and other not in self.only) or went_wrong(other, self.checks, verdicts)
            )
            again = [
                item
                for item in items
                if self.checks[item.name].problem == problem
                and sitting.results[item.name].verdict not in ("passed", "grader_error")
            ]
            if below and again:
                self.put_again(sitting, again, below, items[0])

    def put_again(
        self, sitting: Sitting, again: Sequence[pytest.Item], below: frozenset[str], first: pytest.Item
    ) -> None:
        """Puts some checks of one problem with the reference's part of the problems `below`."""
        assert self.substitutes is not None
        try:
            given = self.substitutes(below)
        except CourseError:  # what cannot be taken apart blocks; `verify` says which mistake then costs more
            return
        files = {result.file for result in sitting.results.values() if result.file}
        modules = {
            # In a file that cannot be imported, nothing is the submission's own.
            name: "" if name not in sitting.submission.modules or sitting.quotes.holder(name) in files else text
            for name, text in {**dict.fromkeys(given, ""), **sitting.submission.modules}.items()
        }
        by = ", ".join(sorted(below))
        own, sitting.host = sitting.host, self.start_host(modules, given)
        allowance = sitting.allowances.pop(self.checks[again[0].name].problem, None)
        self.given = below
        try:
            for item, following in self.in_turn(again, first):
                sitting.evidence.pop(item.name, None)  # it may be of what this builds on
                sitting.last_probes.pop(item.name, None)
                before, now = sitting.results[item.name], self.put(item, following)
                # What is printed beside the reference's part, nobody sees.
                counts = better(before, now.model_copy(update={"given": by, "output": ""}))
                sitting.results[item.name] = counts
                if counts.given != by or counts.verdict not in WRONG:
                    sitting.evidence.pop(item.name, None)
                self.tell(item.name, sitting)
        finally:
            self.given = frozenset()
            sitting.host.close()
            sitting.host = own
            if allowance is not None:
                sitting.allowances[self.checks[again[0].name].problem] = allowance

    def tell(self, name: str, sitting: Sitting) -> None:
        """Adds to one failed check how its answer differs from the right one."""
        check, result = self.checks[name], sitting.results[name]
        if name not in sitting.evidence or result.verdict not in WRONG:
            return
        words = self.differs(name, sitting)
        told = Diagnosis(mutant="", says=words, hint="", shown=check.diagnosis) if words else None
        first = check.of == "gradients" and self.values_are_wrong(name, sitting)
        hint = VALUES_FIRST if first else result.hint
        sitting.results[name] = result.model_copy(update={"diagnosis": told, "hint": hint})

    def differs(self, name: str, sitting: Sitting) -> str:
        """How the answer of a failed check differs from the right one, when it is none that is known."""
        check, seen = self.checks[name], sitting.evidence[name].seen
        if check.of == "gradients" and self.values_are_right(check.problem, sitting):
            return only_the_gradient(seen.came, seen.expected, seen.atol, seen.rtol)
        return difference(seen.came, seen.expected, seen.atol, seen.rtol)

    def values_are_wrong(self, gradients: str, sitting: Sitting) -> bool:
        """Whether a check of values failed in the problem of a check of gradients: then these may be wrong for that
        reason alone. What failed at an answer of the same probe says nothing of values.
        """
        problem, probe = self.checks[gradients].problem, sitting.last_probes[gradients]
        return any(
            result.verdict in WRONG
            and (self.checks[name].problem, self.checks[name].of) == (problem, "values")
            and sitting.last_probes.get(name) != probe
            for name, result in sitting.results.items()
        )

    def values_are_right(self, problem: str, sitting: Sitting) -> bool:
        """Whether all checks of a problem's values passed, as far as they were run."""
        of_values = {name for name, check in self.checks.items() if check.problem == problem and check.of == "values"}
        verdicts = [result.verdict for name, result in sitting.results.items() if name in of_values]
        return bool(verdicts) and all(verdict == "passed" for verdict in verdicts)

    def run(self, item: pytest.Item, following: pytest.Item | None) -> None:
        """Runs one check, again where its author allows it, and records its verdict."""
        assert self.sitting is not None
        self.sitting.results[item.name] = self.put(item, following)
        self.tell(item.name, self.sitting)  # what is known of mistakes is told when all checks have ended
        if item.name not in self.below_asked:
            self.on_check(self.sitting.results[item.name])

    def below(self, check: str) -> Iterator[tuple[str, CheckResult | None]]:
        """The checks that one needs, with what became of them; None: left out on purpose. Not those of problems in
        whose place the reference's part stands."""
        assert self.sitting is not None
        for need in self.checks[check].needs:
            for name in needed(need, self.checks):
                if self.checks[name].problem not in self.given:
                    yield name, self.sitting.results.get(name)

    def put(self, item: pytest.Item, following: pytest.Item | None) -> CheckResult:
        """Runs one check, again where its author allows it, and says how it ended."""
        retest, tried = self.retest(item), [self.tried(item, following, 0)]
        if retest is None:
            return tried[0]
        while undecided(retest, tried):
            tried.append(self.tried(item, following, len(tried)))
        return concluded(retest, tried)

    def retest(self, item: pytest.Item) -> Retest | None:
        """How a check may be put again."""
        return self.checks[item.name].retest

    def tried(self, item: pytest.Item, following: pytest.Item | None, attempt: int) -> CheckResult:
        """Runs one attempt at a check and records it."""
        assert self.sitting is not None
        self.ended, self.current, self.blocker, self.place = "not run", None, "", ()
        self.metrics, self.attempt = None, attempt
        item.ihook.pytest_runtest_protocol(item=item, nextitem=following)
        ended: Ended = self.ended
        if isinstance(ended, SandboxLost):
            raise ended
        self.sitting.disturbed |= isinstance(ended, SandboxError)
        fault = self.fault
        spent = self.current[1].spent if self.current else None
        measured = tuple(self.metrics.measured) if self.metrics else ()
        if isinstance(ended, str) and ended == "broken":
            ended = self.attributed(item, following, fault)
        if isinstance(ended, Mismatch) and self.current and ended.seen is not None and holds_none(ended.seen.came):
            values = self.checks[item.name].of == "values"  # a gradient is None where nothing leads to it
            ended.hint = self.current[1].forgotten or (NOTHING if values else ended.hint)
        missing_too = isinstance(ended, CheckEnded) and (ended.verdict in UNBLOCKED or bool(ended.file))
        if self.blocker and not missing_too and not isinstance(ended, SandboxError):
            ended, self.roots[item.name] = "blocked", self.roots.get(self.blocker, self.blocker)
        result = self.check_result(item.name, ended, spent).model_copy(update={"metrics": measured})
        self.sitting.results[item.name] = result
        if isinstance(ended, CheckEnded) and ended.seen is not None and self.current:
            evidence = Evidence(self.current[1].count, self.place, ended.seen)
            self.sitting.evidence.setdefault(item.name, evidence)  # of the first attempt that failed
            self.sitting.last_probes.setdefault(item.name, self.current[1].last_probe)
        return result

    def attributed(self, item: pytest.Item, following: pytest.Item | None, fault: str) -> CheckEnded | GraderError:
        """Whose fault it is that a check broke down: ours if it also breaks down on the reference."""
        assert self.sitting is not None
        if self.start_reference is None:
            return GraderError(fault)
        own, self.sitting.host = self.sitting.host, self.start_reference()
        used, self.sitting.allowances = self.sitting.allowances, {}  # what a submission used up, the reference has
        try:
            self.ended = "not run"
            item.ihook.pytest_runtest_protocol(item=item, nextitem=following)
        finally:
            self.sitting.host.close()
            self.sitting.host, self.sitting.allowances = own, used
        if isinstance(self.ended, SandboxLost):
            raise self.ended
        if self.ended is None:
            return CheckEnded(
                "failed", "What your code returned does not have the form that this check asks for.", detail=fault,
                hint="Compare type and shape of what you return with the handout.", seen=Seen((OTHER_FORM,)),
            )  # fmt: skip
        return GraderError(fault)

    def ask(self, item: pytest.Item) -> Ask:
        """The `ask` fixture of one check."""
        assert self.sitting is not None
        check = self.checks[item.name]
        # Public checks are asked the same everywhere, so that their answers can be recorded for students.
        seed = 0 if check.visibility == "public" else self.environment.grading_seed
        assert seed is not None  # only a student's copy of a result is without
        if check.fresh:
            self.sitting.host.renew()
        inputs = f"{item.name}#{self.attempt}" if self.attempt else item.name  # fresh ones for each attempt
        allowance = self.sitting.allowances.setdefault(check.problem, Allowance(check.problem))
        ask = Ask(
            self.sitting.host,
            self.answers,
            inputs,
            seed,
            self.sitting.quotes,
            allowance,
            budget_s=check.budget_s,
            shift=self.shift,
        )
        self.current = (item.name, ask)
        return ask

    def calibrated(self, item: pytest.Item) -> Calibrated:
        """The `calibrated` fixture of one check. Raises `CourseError` where there is no current calibration."""
        self.metrics = Calibrated(self.calibration.of(item.name, item.path))
        return self.metrics

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        for name, done in self.below(item.name):
            if done is None or done.verdict == "passed":
                continue
            self.blocker = self.blocker or name
            if done.verdict not in UNBLOCKED and not done.file:
                raise Blocked(name)
        # What it needs is only missing, so most likely this is missing too, and that is the better thing to say: ask.
        # The same with a file that Python cannot read or import.

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
        with limited(self.check_cpu_s):
            return (yield)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
        report = yield
        error = call.excinfo.value if call.excinfo else None
        if error is None:
            if call.when == "call" and self.ended == "not run":
                self.ended = None
        elif self.ended in ("not run", None):
            self.ended, self.fault = classified(error)
            self.place = self.lines_of(error)
            if isinstance(error, AssertionError) and not self.place:  # not a check's: one of pytest's, or of ours
                self.ended = GraderError("".join(traceback.format_exception(error))[-4000:])
        return report

    def lines_of(self, error: BaseException) -> tuple[str, ...]:
        """Where in the checks' files an exception came by, the innermost place last."""
        folders = (str(self.assignment.folder / "checks"), str(self.assignment.solution / "checks"))
        return tuple(
            f"{Path(frame.f_code.co_filename).name}:{line}"
            for frame, line in traceback.walk_tb(error.__traceback__)
            if frame.f_code.co_filename.startswith(folders)
        )

    # ---- results ----------------------------------------------------------------------------------------------

    def check_result(self, name: str, ended: Ended, spent: Any) -> CheckResult:
        """The record of one check; `ended` is None for one that passed."""
        check = self.checks[name]
        values: dict[str, Any] = {
            "id": name,
            "problem": check.problem,
            "asked": self.titles[name],
            "visibility": check.visibility,
            "max_points": check.points,
            "points": Fraction(0),
        }
        if spent is not None:
            values |= {
                "cpu_seconds": round(spent.cpu_s, 6),
                "wall_seconds": round(spent.wall_s, 6),
                "output": "".join(spent.output),
            }
        if ended is None:
            return CheckResult(verdict="passed", **{**values, "points": check.points})
        if isinstance(ended, CheckEnded):
            values["points"] = check.points if ended.verdict == "passed" else check.points * ended.credit
            texts: dict[str, Any] = {key: clean(getattr(ended, key), MAX_TEXT) for key in TEXTS}
            return CheckResult(verdict=ended.verdict, file=clean_line(ended.file, 200), **values, **texts)
        if ended == "blocked":
            root = self.roots.get(name, self.blocker)
            other = self.checks[root].problem if root in self.checks else check.problem
            first = "another check, which" if other == check.problem else f"problem {other} first, where this"
            why = f"This needs {first} did not pass: {self.titles[root]}"
            return CheckResult(verdict="blocked", summary=why, **values)
        return CheckResult(verdict="grader_error", summary=OURS, detail=clean(str(ended), MAX_TEXT), **values)

    def failed_result(self, name: str, source: str, fault: str) -> Result:
        """The result of a submission that we failed to judge: `grader_error` for every check."""
        nothing = Submission(name=name, source=Path(source), modules={}, notes=(), problem=None, fingerprint="")
        return self.result(Sitting(nothing, InlineHost({}, ""), Quotes({}, "")), fault)  # a host that is never asked

    def result(self, sitting: Sitting, fault: str = "not run") -> Result:
        """The result of one sitting."""
        submission = sitting.submission
        if submission.problem is not None:
            unread = CheckEnded("invalid", submission.problem)
            sitting.results = {name: self.check_result(name, unread, None) for name in self.checks}
        # Every check counts, run or not: one without a record is our fault and stays in the maximum.
        checks = tuple(
            sitting.results.get(name) or self.check_result(name, GraderError(fault), None)
            for name in self.checks
            if name not in self.below_asked and (self.asked is None or name in self.asked)
        )
        problems = [problem for problem in self.assignment.problems if not self.only or problem.id in self.only]
        return Result(
            assignment=self.assignment.name,
            submission=submission.name,
            source=clean_line(str(submission.source), MAX_TEXT),  # a name may hold bytes that are no text at all
            fingerprint=submission.fingerprint,
            points=total(checks),
            max_points=sum((p.points for p in problems if p.kind == "code"), Fraction(0)),
            problem=submission.problem or "",
            notes=tuple(submission.notes),
            remarks=submission.remarks,
            problems=tuple(
                ProblemResult(
                    id=problem.id,
                    title=problem.title,
                    kind=problem.kind,
                    points=total(checks, problem.id) if problem.kind == "code" else None,
                    max_points=problem.points,
                )
                for problem in problems
            ),
            checks=checks,
            environment=self.environment.model_copy(update={"layers": sitting.host.layers}),
            graded_at=sitting.graded_at.isoformat(timespec="seconds"),
            cpu_seconds=round(sum(check.cpu_seconds for check in checks), 6),
            wall_seconds=round(time.perf_counter() - sitting.started, 6),
        )


def findings(sitting: Sitting) -> Findings:
    """What became of each check of a sitting, for a comparison with other submissions."""
    return Findings({name: result.verdict for name, result in sitting.results.items()}, dict(sitting.evidence))


def trouble(sitting: Sitting) -> Trouble:
    """What somebody, or a mistake of ours, did to the judging of one submission."""
    if sitting.disturbed:
        return "disturbed"
    if any(check.verdict == "grader_error" for check in sitting.results.values()):
        return "ours"
    return "retried" if sitting.host.disturbed else ""


def classified(error: BaseException) -> tuple[Ended, str]:
    """How an exception out of a check ends it, and what to tell ourselves."""
    if isinstance(error, Blocked):
        return "blocked", ""
    if isinstance(error, BrokenCheck):
        return "broken", str(error)
    if isinstance(error, (CheckEnded, GraderError)):
        return error, ""
    text = "".join(traceback.format_exception(error))[-4000:]
    if isinstance(error, Skipped):
        return GraderError(f"A check may not skip itself: {error.msg}"), ""
    if isinstance(error, AssertionError):
        return CheckEnded("failed", "This does not hold for your code.", detail=str(error)[:4000]), ""
    return "broken", text


def validate(assignment: Assignment, checks: Mapping[str, Check], *, demand_points: bool) -> None:
    """Raises `CourseError` when checks name unknown problems or needs, or do not add up to a problem's points."""
    code = {problem.id: problem for problem in assignment.problems if problem.kind == "code"}
    for name, check in checks.items():
        if check.problem not in code:
            raise CourseError(
                f"{name} is a check of problem {check.problem!r}, but {assignment.name} has no such code problem."
            )
        known = [each.name for each in assignment.preload.weights] if assignment.preload else []
        if unknown := [each for each in check.weights if each not in known]:
            raise CourseError(
                f"{name} needs the weights {unknown[0]!r}, which are not in [[preload.weights]] of "
                f"{assignment.folder / DESCRIPTION}. There is: {', '.join(known) or 'nothing'}."
            )
        for need in check.needs:
            if not needed(need, checks) and demand_points:
                raise CourseError(f"{name} needs {need!r}, which is neither a check nor a problem with checks.")
    for id, problem in code.items():
        points = sum((check.points for check in checks.values() if check.problem == id), Fraction(0))
        if demand_points and points != problem.points:
            raise CourseError(
                f"The checks of problem {id} add up to {points} points; assignment.toml says {problem.points}."
            )


def ordered(checks: Mapping[str, Check]) -> list[str]:
    """Each check after those it needs, otherwise in the order of the files. Raises `CourseError` for a cycle."""
    order: list[str] = []
    visiting: list[str] = []

    def visit(name: str) -> None:
        if name in order:
            return
        if name in visiting:
            raise CourseError(f"Checks need each other in a circle: {' -> '.join([*visiting, name])}.")
        visiting.append(name)
        for need in checks[name].needs:
            for other in needed(need, checks):
                if other != name:
                    visit(other)
        visiting.pop()
        order.append(name)

    for name in checks:
        visit(name)
    return order
