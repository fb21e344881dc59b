"""The records of what was judged, each made from how something ended and changing nothing."""

from __future__ import annotations

import time
from dataclasses import replace
from fractions import Fraction
from typing import Any

from grader.course.assignment import Assignment
from grader.course.secret import fingerprint
from grader.errors import GraderError
from grader.intake import Submission
from grader.judge.ask import Spent
from grader.judge.brief import Brief
from grader.judge.collecting import Collected
from grader.judge.quote import Quotes
from grader.judge.result import CheckResult, Environment, ProblemResult, Result, total
from grader.judge.running import NOT_RUN
from grader.judge.sitting import Sitting
from grader.judge.verdict import Blocked, CheckEnded, Ending, Passed
from grader.sandbox.inline import InlineHost
from grader.text import clean, clean_line

TEXTS = ("summary", "hint", "came", "expected", "detail")
MAX_TEXT = 8000
OURS = "The grader made a mistake here, not you. Nothing is lost: the check will be run again."


def check_result(name: str, collected: Collected, ended: Ending, spent: Spent | None) -> CheckResult:
    """The record of one check."""
    check = collected.checks[name]
    values: dict[str, Any] = {
        "id": name,
        "problem": check.problem,
        "asked": collected.titles[name],
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
    if isinstance(ended, Passed):
        return CheckResult(verdict="passed", **{**values, "points": check.points})
    if isinstance(ended, CheckEnded):
        values["points"] = check.points if ended.verdict == "passed" else check.points * ended.credit
        texts: dict[str, Any] = {key: clean(getattr(ended, key), MAX_TEXT) for key in TEXTS}
        return CheckResult(verdict=ended.verdict, file=clean_line(ended.file, 200), **values, **texts)
    if isinstance(ended, Blocked):
        other = collected.checks[ended.root].problem
        first = "another check, which" if other == check.problem else f"problem {other} first, where this"
        why = f"This needs {first} did not pass: {collected.titles[ended.root]}"
        return CheckResult(verdict="blocked", summary=why, **values)
    return CheckResult(verdict="grader_error", summary=OURS, detail=clean(str(ended), MAX_TEXT), **values)


def result_of(
    sitting: Sitting,
    collected: Collected,
    assignment: Assignment,
    environment: Environment,
    only: frozenset[str],
    otherwise: str = NOT_RUN,
) -> Result:
    """The result of one sitting. Every check counts, run or not: one without a record is our fault, for which
    `otherwise` has the account, and stays in the maximum."""
    submission, asked = sitting.brief.submission, sitting.brief.asked
    unread = None if submission.refusal is None else CheckEnded("invalid", submission.refusal)
    checks = tuple(
        check_result(name, collected, unread, None)
        if unread
        else sitting.results.get(name) or check_result(name, collected, GraderError(otherwise), None)
        for name in collected.checks
        if name not in collected.below_asked and (asked is None or name in asked)
    )
    problems = [problem for problem in assignment.problems if not only or problem.id in only]
    return Result(
        assignment=assignment.name,
        submission=submission.name,
        source=clean_line(str(submission.source), MAX_TEXT),  # a name may hold bytes that are no text at all
        fingerprint=submission.fingerprint,
        points=total(checks),
        max_points=sum((p.points for p in problems if p.kind == "code"), Fraction(0)),
        problem=submission.refusal or "",
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
        environment=environment.model_copy(update={"layers": sitting.host.layers, **_seeded(sitting.brief)}),
        graded_at=sitting.graded_at.isoformat(timespec="seconds"),
        cpu_seconds=round(sum(check.cpu_seconds for check in checks), 6),
        wall_seconds=round(time.perf_counter() - sitting.started, 6),
    )


def failed_result(
    brief: Brief, collected: Collected, assignment: Assignment, environment: Environment, only: frozenset[str], why: str
) -> Result:
    """The result of a submission that we failed to judge: `grader_error` for every check."""
    unread = Submission(
        name=brief.submission.name,
        source=brief.submission.source,
        modules={},
        notes=(),
        refusal=None,
        fingerprint="",
    )
    never_asked = InlineHost({}, "")
    sitting = Sitting(replace(brief, submission=unread), never_asked, Quotes({}, ""))
    return result_of(sitting, collected, assignment, environment, only, why)


def _seeded(brief: Brief) -> dict[str, str]:
    """Of which secret the inputs were, where the brief says so."""
    return {} if brief.seed is None else {"grading_seed": fingerprint(brief.seed)}
