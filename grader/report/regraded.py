"""Two gradings of one class, compared: after a change of the grader, on another machine, with another PyTorch."""

from __future__ import annotations

from pathlib import Path

from grader.course.points import decimal
from grader.errors import CourseError
from grader.judge.result import CheckResult, Result
from grader.report.files import NOT_GRADED, read_result


def regraded(before: Path, after: Path) -> tuple[int, list[str]]:
    """How many submissions were compared, and each difference of a verdict, of points or of a mistake that is named.

    Raises `CourseError` for a folder without results.
    """
    then, now = _results(before), _results(after)
    found = [f"{name}: only in {before if name in then else after}" for name in sorted(then.keys() ^ now.keys())]
    both = sorted(then.keys() & now.keys())
    return len(both), found + [line for name in both for line in _differences(then[name], now[name])]


def _results(folder: Path) -> dict[str, Result]:
    files = [*folder.glob("*.json"), *(folder / NOT_GRADED).glob("*.json")]
    if not files:
        raise CourseError(f"{folder}: holds no results. Name the folder that `grade` wrote.")
    return {result.submission: result for result in map(read_result, sorted(files))}


def _differences(then: Result, now: Result) -> list[str]:
    found = []
    if then.points != now.points:
        found.append(f"{then.submission}: {decimal(then.points)} points, then {decimal(now.points)}")
    before, after = ({check.id: check for check in result.checks} for result in (then, now))
    for check in [*before, *(name for name in after if name not in before)]:
        was, is_ = (_told(each.get(check)) for each in (before, after))
        if was != is_:
            found.append(f"{then.submission}: {check}: {was}, then {is_}")
    return found


def _told(check: CheckResult | None) -> str:
    """Verdict, points and the mistake that is named."""
    if check is None:
        return "not there"
    known = f" as {check.diagnosis.mutant}" if check.diagnosis and check.diagnosis.mutant else ""
    return f"{check.verdict}{known} with {decimal(check.points)}"
