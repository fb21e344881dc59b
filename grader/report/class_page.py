"""The class on one page: what to say in the next lecture, how grades are spread, what each check tells, who is who.

Everything can be read without the page's one script, which sorts and searches the tables. Nothing is loaded.
"""

from __future__ import annotations

import base64
import hashlib
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from grader.course.points import decimal
from grader.judge.result import Result
from grader.report.alike import Cluster
from grader.report.class_numbers import counted, items, lessons, spread
from grader.report.remarks import to_look_at
from grader.report.student_page import TEMPLATES
from grader.report.terminal import first_fault

FIRST = 3  # mistakes of which the next lecture may speak
MOST_SLOW = 5
SCRIPT = TEMPLATES / "tables.js"


@dataclass(frozen=True)
class Row:
    """One submission in the table."""

    name: str
    page: str
    points: Fraction | None
    by_problem: tuple[Fraction | None, ...]
    verdict: str
    look: tuple[str, ...]


@dataclass(frozen=True)
class ClassReport:
    """What the page is made of. `absent` are those of the roster who handed in nothing, `waiting` no run came to.

    `alike` are submissions that are similar, whose pairs are shown at the address `alike_page`; "" if nobody compared.
    """

    title: str
    results: Sequence[Result]
    pages: Mapping[str, str]  # submission -> address of its page
    waiting: Sequence[str] = ()
    absent: Sequence[str] = ()
    made_at: str = ""
    alike: Sequence[Cluster] = ()
    alike_page: str = ""


def class_page(report: ClassReport) -> str:
    """The text of an HTML file."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {"points": decimal, "percent": _percent}
    told = counted(report.results)
    script = SCRIPT.read_text(encoding="utf-8")
    bins, checks = spread(report.results), items(report.results)
    return made.get_template("class.html.jinja").render(
        report=report,
        script=script,
        script_hash=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
        problems=[(p.id, p.max_points) for p in report.results[0].problems if p.kind == "code"]
        if report.results
        else [],
        rows=[_row(report, result) for result in sorted(report.results, key=lambda each: each.submission)],
        told=len(told),
        middle=_middle(told),
        most=max((result.max_points for result in told), default=Fraction(0)),
        bins=bins,
        highest=max((len(each.names) for each in bins), default=0) or 1,
        lessons=lessons(report.results),
        first=FIRST,
        checks=checks,
        against=[each for each in checks if each.against],
        slow=sorted(checks, key=lambda each: -each.slowest_s)[:MOST_SLOW],
        unsteady=[each for each in checks if each.unsteady],
    )


def _row(report: ClassReport, result: Result) -> Row:
    ungraded = result.verdict == "grader_error"
    return Row(
        result.submission,
        report.pages.get(result.submission, ""),
        None if ungraded else result.points,
        tuple(None if ungraded else problem.points for problem in result.problems if problem.kind == "code"),
        result.verdict,
        tuple(dict.fromkeys(filter(None, [first_fault(result), *to_look_at(result)]))),
    )


def _middle(told: Sequence[Result]) -> tuple[Fraction, Fraction] | None:
    """Mean and median of the points."""
    points = [result.points for result in told]
    return (statistics.mean(points), statistics.median(points)) if points else None


def _percent(share: Fraction) -> str:
    return f"{float(100 * share):.0f} %"
