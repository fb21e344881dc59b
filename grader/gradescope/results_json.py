"""A result as Gradescope's results.json: pure functions, from what was graded to what is shown there.

Students are shown what every other report shows them, and nothing else: each result passes through `for_student` here.
All texts are of the format "text", in which no sign means anything to the platform, and hold no character that steers.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Literal

from grader.course.points import decimal
from grader.gradescope.settings import Visibility
from grader.judge.result import CheckResult, Result
from grader.report.saying import faults_of_files, lines_of, told_once
from grader.text import clean

State = Literal["begun", "unfinished", "out_of_time", "graded", "grader_error"]
MOST_CHARACTERS = 95_000  # of the whole file; the platform cuts at 100,000
PLACES = 6  # of a score, which is exact everywhere else

NO_GRADE = "The 0 that stands here is no grade, and it is not your mistake."
BEGUN = (
    f"NOT GRADED YET. {NO_GRADE} The grader has begun and has not ended. If you still read this after 40 minutes, it "
    "was stopped from outside. Please tell your course staff: they can run it again."
)
UNFINISHED = (
    "NOT FINISHED: {done} of {all} checks were put so far. What stands here is no grade yet. If you still read this "
    "after 40 minutes, the grader was stopped from outside. Please tell your course staff: they can run it again."
)
OUT_OF_TIME = (
    "NOT ALL CHECKS WERE PUT: the time for one submission was over after {done} of {all} checks, and most of it went "
    "by while your code ran. {slow} Then hand in again. Checks that were not put have no points."
)
OURS = f"NOT GRADED, by our own mistake. {NO_GRADE} Please tell your course staff: they can run it again."
UNREADABLE = (
    "This submission could not be read: {why}\n\nWhat to do: run `make submit HW={short}` in the course's folder, mend "
    "what it says, and hand in the one file that it writes."
)
NOT_PUT = "This check was not put."
CUT = "\n... ({count} characters are left out here, because the platform takes {most} in all. No points are.)"
TOO_SLOW = "Make it faster."
LATER = "The details of this check, shown after the due date."


@dataclass(frozen=True)
class About:
    """What belongs to a submission beside its result. `short` names the homework as commands take it."""

    short: str
    title: str
    hidden_checks: Visibility = "visible"
    metadata: Mapping[str, Any] = field(default_factory=dict)


def nothing_yet(about: About, state: Literal["begun", "grader_error"]) -> dict[str, Any]:
    """What stands there before there is any result, or where there can be none: never a grade."""
    said = BEGUN if state == "begun" else OURS
    return _results(about, state, Fraction(0), said, (), extra={})


def results_of(
    result: Result, about: About, state: State = "graded", finished: frozenset[str] | None = None
) -> dict[str, Any]:
    """The results of a submission. `finished` names the checks that were put, where that is not all of them.

    What could not be graded has no score that counts: 0, as the platform wants one, and a text that says what it is.
    """
    if state in ("graded", "out_of_time") and "grader_error" in [
        check.verdict for check in result.checks if finished is None or check.id in finished
    ]:
        state = "grader_error"
    shown, later = result.for_student(), result.for_student(after_due=True)
    put = [check for check in shown.checks if finished is None or check.id in finished]
    tests = list(_tests(shown, later, about, finished))
    extra = {
        "verdict": result.verdict if state == "graded" else state,
        "points": str(result.points),
        "max_points": str(result.max_points),
        "fingerprint": shown.fingerprint,
        "grader": shown.environment.grader,
        "layers": list(shown.environment.layers),
        "weak_confinement_allowed": shown.environment.weak_confinement_allowed,
    }
    score = Fraction(0) if state == "grader_error" else sum((check.points for check in put), Fraction(0))
    output = "\n".join(_output(shown, about, state, put, tests)).strip("\n")
    if about.hidden_checks != "visible":  # nobody promises that students never see these
        extra = {key: value for key, value in extra.items() if key not in ("verdict", "points")}
    return {
        **_results(about, state, score, output, tests, extra),
        "execution_time": shown.wall_seconds,
    }


def text_of(results: Mapping[str, Any]) -> str:
    """The file's text: ASCII, so that its bytes are its characters, and never longer than the platform takes.

    What is too long loses the ends of its longest outputs. Names, scores and the lines of points stay.
    """
    text = json.dumps(results, indent=1)
    if len(text) <= MOST_CHARACTERS:
        return text
    low, high = 0, max(len(test["output"]) for test in results["tests"]) if results["tests"] else 0
    while low < high:  # the longest outputs that fit
        middle = (low + high + 1) // 2
        fits = len(json.dumps(_shortened(results, middle), indent=1)) <= MOST_CHARACTERS
        low, high = (middle, high) if fits else (low, middle - 1)
    return json.dumps(_shortened(results, low), indent=1)


def number(points: Fraction) -> int | float:
    """Points as a JSON number: exact if it is whole, else the nearest with six places (halves to the even one)."""
    return points.numerator if points.denominator == 1 else float(round(points, PLACES))


def _results(
    about: About,
    state: State,
    score: Fraction,
    output: str,
    tests: Sequence[Mapping[str, Any]],
    extra: Mapping[str, Any],
) -> dict[str, Any]:
    return {
        "score": number(score),
        "output": clean(output, MOST_CHARACTERS),
        "output_format": "text",
        "test_output_format": "text",
        "test_name_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "tests": list(tests),
        "extra_data": {"state": state, "homework": about.short, **about.metadata, **extra},
    }


def _tests(shown: Result, later: Result, about: About, finished: frozenset[str] | None) -> Iterator[dict[str, Any]]:
    """A test for each check, by problems, and one more for what may be shown of it after the due date."""
    order = {problem.id: place for place, problem in enumerate(shown.problems)}
    after = {check.id: check for check in later.checks}
    counts = dict.fromkeys((problem.id for problem in shown.problems), 0)
    for check in told_once(sorted(shown.checks, key=lambda check: order.get(check.problem, len(order)))):
        counts[check.problem] = counts.get(check.problem, 0) + 1
        place = f"{check.problem}.{counts[check.problem]}"
        put = finished is None or check.id in finished
        visibility = "visible" if check.visibility == "public" else about.hidden_checks
        yield _test(check, place, "\n".join(_said(check)) if put else NOT_PUT, visibility, put=put)
        more = after[check.id]
        shown_then = about.hidden_checks in ("visible", "after_due_date")
        if shown_then and put and check.visibility == "after_due" and _said(more) != _said(check):
            said = "\n".join((LATER, *_said(more)))
            details = _test(check, place, said, "after_due_date", put=put)
            yield {**details, "score": 0, "max_score": 0, "tags": [*details["tags"], "details"]}


def _test(check: CheckResult, place: str, output: str, visibility: str, *, put: bool) -> dict[str, Any]:
    verdict = check.verdict if put else "not put"
    ours = put and verdict == "grader_error"
    points = check.points if put and not ours else Fraction(0)
    return {
        "number": place,
        "name": clean(
            f"{'[not graded, by our mistake] ' if ours else '' if put else '[not put] '}{check.asked}", MOST_CHARACTERS
        ),
        "score": number(points),
        "max_score": number(check.max_points),
        "status": "passed" if verdict == "passed" else "failed",
        "output": clean(output, MOST_CHARACTERS),
        "visibility": visibility,
        "tags": [verdict, check.visibility],
        "extra_data": {"check": check.id, "points": str(points), "max_points": str(check.max_points)},
    }


def _said(check: CheckResult) -> list[str]:
    """The lines below a check's sentence."""
    if check.verdict == "passed":
        return [f"{line.label}{line.text}" for line in lines_of(check, staff=False)] or ["Passed."]
    if check.verdict == "grader_error":
        return ["This could not be judged, by our own mistake. It costs you nothing."]
    if check.file:
        return [f"{check.verdict}: {check.file} is at fault, see the top of this page."]
    return [f"{check.verdict}:", *(f"{line.label}{line.text}" for line in lines_of(check, staff=False))]


def _output(
    shown: Result, about: About, state: State, put: Sequence[CheckResult], tests: Sequence[Mapping[str, Any]]
) -> Iterator[str]:
    counts = {"done": len(put), "all": len(shown.checks)}
    if state == "unfinished":
        yield UNFINISHED.format(**counts)
    elif state == "out_of_time":
        yield OUT_OF_TIME.format(**counts, slow=_slow(put, tests))
    elif state == "grader_error":
        yield OURS
    if shown.refusal:
        yield UNREADABLE.format(why=shown.refusal, short=about.short)
    yield from _points(shown, state, put, tests)
    for check in faults_of_files(put):
        yield f"\n{check.verdict}: {check.summary}"
        yield from (f"{line.label}{line.text}" for line in lines_of(check, staff=False) if line.kind != "summary")
    for note in shown.notes:
        yield f"\nNote: {note}"


def _slow(put: Sequence[CheckResult], tests: Sequence[Mapping[str, Any]]) -> str:
    """Which checks ran into their limit, for a student to begin with. Of those that are hidden, how many."""
    open_to_all = {test["extra_data"]["check"] for test in tests if test["visibility"] == "visible"}
    ended = [check for check in put if check.verdict == "timeout"]
    named = [f"({check.problem}) {check.asked}" for check in ended if check.id in open_to_all]
    hidden = len(ended) - len(named)
    counted = [f"{hidden} of the checks that are not shown now."] if hidden else []
    return " ".join(("Your code was stopped in:", *named, *counted, "Mend this first.")) if ended else TOO_SLOW


def _points(
    shown: Result, state: State, put: Sequence[CheckResult], tests: Sequence[Mapping[str, Any]]
) -> Iterator[str]:
    """The lines of points. Where some checks are hidden, the platform hides the total: what is open is added up."""
    if state == "grader_error":
        return
    places = {test["extra_data"]["check"]: test for test in tests if "details" not in test["tags"]}
    open_to_all = [check for check in put if places[check.id]["visibility"] == "visible"]
    some_hidden = any(test["visibility"] != "visible" for test in places.values())
    points = sum((check.points for check in open_to_all), Fraction(0))
    if some_hidden:
        seen = [check for check in shown.checks if places[check.id]["visibility"] == "visible"]
        most = sum((check.max_points for check in seen), Fraction(0))
        yield f"\nChecks that you can see: {decimal(points)} of {decimal(most)} points. The others are not shown now."
    else:
        yield f"\n{decimal(points)} of {decimal(shown.max_points)} points for code."
    for problem in shown.problems:
        own = [check for check in open_to_all if check.problem == problem.id]
        if problem.points is None:
            yield f"Problem {problem.id}, {problem.title}: {decimal(problem.max_points)} points, graded by hand."
        elif not some_hidden:
            got = sum((check.points for check in own), Fraction(0))
            yield f"Problem {problem.id}, {problem.title}: {decimal(got)} of {decimal(problem.max_points)} points."


def _shortened(results: Mapping[str, Any], most: int) -> dict[str, Any]:
    """The same with no output of a test longer than `most`, nor much more of the text at the top."""

    def cut(text: str, length: int) -> str:
        lost = len(text) - length
        return text if lost <= 0 else text[:length] + CUT.format(count=lost, most="100,000")

    tests = [{**test, "output": cut(test["output"], most)} for test in results["tests"]]
    return {**results, "output": cut(results["output"], 20_000), "tests": tests}
