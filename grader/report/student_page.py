"""One submission as its student reads it: a page without script, or Markdown. Pass `result.for_student(...)`.

A page holds everything in one file and loads nothing. All that comes from a student is escaped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from grader.course.points import decimal
from grader.judge.result import CheckResult, ProblemResult, Result
from grader.report.by_hand import Marked, together
from grader.report.gauge import Gauge, gauge_of
from grader.report.saying import Folded, Line, faults_of_files, folded, folded_checks, lines_of, told_once
from grader.report.side_by_side import Piece, side_by_side
from grader.report.terminal import points_line

TEMPLATES = Path(__file__).with_name("templates")
MARKDOWN = re.compile(r"([\\`*_{}\[\]<>()#+!|~$-])")
COMPARED = ("got", "expected")  # told side by side


@dataclass(frozen=True)
class Told:
    """A check, or several of which the same is said."""

    verdict: str
    worth: str
    asked: str
    lines: tuple[Line, ...]
    compared: tuple[tuple[Piece, ...], tuple[Piece, ...]] | None = None
    gauges: tuple[Gauge, ...] = ()


@dataclass(frozen=True)
class Part:
    """A problem: what it gave, what is to be done, and what passed."""

    id: str
    title: str
    worth: str
    share: float | None
    open: tuple[Told, ...]
    passed: tuple[Told, ...]
    marked: tuple[Marked, ...] = ()


def student_page(title: str, result: Result, marked: Sequence[Marked] = (), *, staff: bool = False) -> str:
    """The submission as the text of an HTML file. `marked` is what people gave it."""
    return _rendered("student.html.jinja", title, result, marked, staff=staff)


def student_markdown(title: str, result: Result, marked: Sequence[Marked] = (), *, staff: bool = False) -> str:
    """The same as Markdown: what a student wrote is quoted, and means nothing there."""
    return _rendered("student.md.jinja", title, result, marked, staff=staff)


def _rendered(template: str, title: str, result: Result, marked: Sequence[Marked], *, staff: bool) -> str:
    parts = [
        part_of(result, problem, [each for each in marked if each.problem == problem.id], staff=staff)
        for problem in result.problems
    ]
    known = {problem.id for problem in result.problems}
    return _template(template).render(
        title=title,
        staff=staff,
        result=result,
        total=points_line(result).removeprefix(f"{result.submission}: "),
        by_hand=together(marked),
        others=[each for each in marked if each.problem not in known],
        faults=[_of_file(check, staff=staff) for check in faults_of_files(result.checks)],
        parts=[part for part in parts if part.open or part.passed or part.share is None],
        environment=result.environment,
    )


@cache
def _template(name: str) -> Template:
    """Compiled once: a class has hundreds of pages."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        autoescape=not name.endswith(".md.jinja"),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {"words": _words, "fenced": _fenced}
    return made.get_template(name)


def part_of(result: Result, problem: ProblemResult, marked: Sequence[Marked] = (), *, staff: bool) -> Part:
    """What is told of one problem. One that people grade has no share."""
    checks = [check for check in result.checks if check.problem == problem.id]
    if problem.points is None and not checks:
        worth, share = together(marked) or f"{decimal(problem.max_points)} points, graded by hand", None
    elif all(check.max_points == 0 for check in checks):
        worth, share = f"{sum(check.verdict == 'passed' for check in checks)} of {len(checks)} checks pass", None
    else:
        points = problem.points or Fraction(0)
        worth = f"{decimal(points)} of {decimal(problem.max_points)} points"
        share = float(100 * points / problem.max_points) if problem.max_points else 100.0
    told = [] if result.refusal else list(_told(checks, staff=staff))
    return Part(
        problem.id,
        problem.title,
        worth,
        share,
        tuple(each for each in told if each.verdict != "passed"),
        tuple(each for each in told if each.verdict == "passed"),
        tuple(marked),
    )


def _told(checks: Sequence[CheckResult], *, staff: bool) -> Iterator[Told]:
    in_a_line = [check for check in checks if folded(check) and (check.file or not staff)]
    for check in told_once([check for check in checks if check not in in_a_line]):
        yield _of_check(check, staff=staff)
    for each in folded_checks(in_a_line):
        if isinstance(each, Folded):
            hint = (Line("try", "try: ", each.hint),) if each.hint else ()
            yield Told(each.verdict, _worth(each.points, each.max_points), each.said, hint)
        else:
            yield _of_check(each, staff=staff)


def _of_check(check: CheckResult, *, staff: bool) -> Told:
    lines = lines_of(check, staff=staff)
    both = check.verdict != "passed" and check.came and check.expected
    return Told(
        check.verdict,
        _worth(check.points, check.max_points),
        check.asked,
        tuple(line for line in lines if not (both and line.kind in COMPARED)),
        side_by_side(check.came, check.expected) if both else None,
        tuple(gauge_of(each) for each in check.metrics),
    )


def _of_file(check: CheckResult, *, staff: bool) -> Told:
    wanted = ("try", "detail", "printed", "warned")
    lines = tuple(line for line in lines_of(check, staff=staff) if line.kind in wanted)
    return Told(check.verdict, "", check.summary, lines)


def _worth(points: Fraction, most: Fraction) -> str:
    return f"{decimal(points)} of {decimal(most)}" if most else ""


def _words(text: str) -> str:
    """Text in which no sign means anything to Markdown, in one line."""
    return MARKDOWN.sub(r"\\\1", " ".join(text.split()))


def _fenced(text: str) -> str:
    """Text between fences that it cannot end."""
    fence = "`" * max(3, 1 + max(map(len, re.findall("`+", text)), default=0))
    return f"{fence}text\n{text.rstrip()}\n{fence}"
