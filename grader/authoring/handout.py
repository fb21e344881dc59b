"""The handout: its sections, and the points table in it that assignment.toml determines."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from grader.course.assignment import Assignment
from grader.course.points import decimal
from grader.errors import CourseError

BEGIN_POINTS, END_POINTS = "<!-- BEGIN POINTS -->", "<!-- END POINTS -->"
GRADED_BY = {"code": "hidden checks", "experiment": "hand", "written": "hand"}
_FENCE = re.compile(r"\s*(```+|~~~+)")


@dataclass(frozen=True)
class Section:
    """Text from one heading of the second level to the next. `problem` is the "2" of `## Problem 2: ...`, or ""."""

    title: str
    problem: str
    text: str


def with_points(handout: str, assignment: Assignment, file: Path) -> str:
    """The handout with its points table as assignment.toml has it. Raises `CourseError` when it has no place for it."""
    before, begin, rest = handout.partition(BEGIN_POINTS)
    _, end, after = rest.partition(END_POINTS)
    if not begin or not end:
        raise CourseError(f"{file}: has no place for the points table. Add the lines {BEGIN_POINTS} and {END_POINTS}.")
    return f"{before}{BEGIN_POINTS}\n\n{points_table(assignment)}\n\n{END_POINTS}{after}"


def points_table(assignment: Assignment) -> str:
    """Problems and what they are worth, in Markdown."""
    rows = [f"| {p.id} | {p.title} | {decimal(p.points)} | {GRADED_BY[p.kind]} |" for p in assignment.problems]
    whole = decimal(sum((p.points for p in assignment.problems), start=assignment.problems[0].points * 0))
    head = ["| problem | | points | graded by |", "|---|---|---|---|"]
    return "\n".join([*head, *rows, f"| | **all** | **{whole}** | |"])


def sections_of(handout: str) -> list[Section]:
    """The handout cut at its headings of the second level; what comes before the first has no title."""
    cut: list[list[str]] = [[]]
    fence = ""
    for line in handout.splitlines():
        mark = _FENCE.match(line)
        if mark:
            fence = "" if fence and mark[1].startswith(fence) else fence or mark[1]
        if line.startswith("## ") and not fence:
            cut.append([])
        cut[-1].append(line)
    return [_section("\n".join(lines).strip("\n")) for lines in cut if any(lines)]


def _section(text: str) -> Section:
    title = text.splitlines()[0].removeprefix("## ").strip() if text.startswith("## ") else ""
    found = re.match(r"Problem (\w+)\b", title)
    return Section(title, found[1] if found else "", text)


def for_notebook(text: str) -> str:
    """Markdown as Jupyter shows it: GitHub's ```math blocks become $$ blocks; comments go."""
    text = re.sub(r"<!--.*?-->\n*", "", text, flags=re.DOTALL)
    return re.sub(r"^```math\n(.*?)\n```$", r"$$\n\1\n$$", text, flags=re.DOTALL | re.MULTILINE)
