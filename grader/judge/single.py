"""The judge of an ordinary `pytest ... --submission PATH` session."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.course.assignment import Assignment, load_assignment, load_course
from grader.course.points import decimal
from grader.errors import CourseError
from grader.intake import Wanted, read_submission
from grader.judge import engine
from grader.judge.answers import Answers
from grader.judge.brief import Brief
from grader.judge.result import Result
from grader.judge.session import Judge
from grader.judge.verdict import MEANING
from grader.sandbox.limits import limits_of
from grader.sandbox.models import absence_of, preload_of
from grader.sandbox.replies import NOTHING_GIVEN, StartHost


def judge_for(config: pytest.Config) -> Judge:
    """Builds the judge that the command line asks for. Raises `CourseError`, and `WeightsError` for missing weights."""
    checks = _folder_of_checks(config)
    course = load_course(checks)
    assignment = load_assignment(course.folder / "assignments" / checks.name)
    leave_out: bool = config.getoption("--leave-out")
    if not leave_out:
        preload_of(assignment)
    chosen: str = config.getoption("--engine")
    public_only = checks.parent.name == "assignments"
    if chosen == "inline":
        start = engine.inline(assignment, debug=bool(config.getoption("usepdb")))
        trusted = engine.inline(assignment)  # the debugger is for the student's code, not for the reference
    elif chosen == "spawned":
        start = trusted = engine.spawned(assignment)
    else:
        start = trusted = _confined(config, assignment)
    answers: Answers = engine.recorded(assignment) if public_only else engine.answers_of(assignment, trusted)
    seed = config.getoption("--grading-seed")
    submission = read_submission(Path(config.getoption("--submission")), Wanted.of(assignment))
    if seed is None:
        seed = 0 if public_only else course.grading_seed
    results: list[Result] = []
    judge = Judge(
        assignment,
        answers,
        engine.environment(seed, chosen),
        seed,
        start_host=start,
        reference=None if public_only else lambda: trusted(assignment.sources(assignment.solution)),
        work=lambda judged: results.append(judged(Brief(submission)).result),
        demand_points=not public_only and not _selects(config),
        absence=absence_of(assignment) if leave_out else lambda name: "",
    )
    config.pluginmanager.register(_Points(judge, results))
    return judge


def _selects(config: pytest.Config) -> bool:
    """Whether the command line asks for some of the checks only, which then need not add up to the points."""
    return bool(config.getoption("keyword") or config.getoption("markexpr") or any("::" in arg for arg in config.args))


class _Points:
    """Prints the points, and what was left out, below pytest's own summary."""

    def __init__(self, judge: Judge, results: list[Result]) -> None:
        self.judge, self.results = judge, results

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        for result in self.results:
            if result.refusal:
                terminalreporter.write_line(f"invalid: {result.refusal}", red=True)
            if any(check.max_points for check in result.checks):
                points = f"{decimal(result.points)} of {decimal(result.max_points)} points"
                terminalreporter.write_line(f"{result.submission}: {points}")
        if self.judge.collected.left_out:
            terminalreporter.write_line(str(self.judge.collected.left_out), yellow=True)

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        bad = any(MEANING[check.verdict].caught for result in self.results for check in result.checks)
        if not self.results or bad:
            session.exitstatus = session.exitstatus or pytest.ExitCode.TESTS_FAILED


def _confined(config: pytest.Config, assignment: Assignment) -> StartHost:
    from grader.sandbox.forked import Sandbox

    sandbox = Sandbox(lanes=1, preload=preload_of(assignment)).__enter__()
    config.add_cleanup(lambda: sandbox.__exit__(None, None, None))
    lane, probes, limits = sandbox.lane(0), assignment.probes, limits_of(assignment)
    return lambda modules, given=NOTHING_GIVEN: lane.host(modules, probes, limits, given)


def _folder_of_checks(config: pytest.Config) -> Path:
    """The folder below `solutions/` or `assignments/` that the session's arguments point into."""
    for argument in config.args:
        path = Path(argument.split("::", 1)[0]).resolve()
        for place in (path, *path.parents):
            if place.parent.name in ("solutions", "assignments") and (place.parent.parent / "course.toml").is_file():
                return place
    raise CourseError("Name the checks to run: pytest solutions/<homework> --submission PATH")
