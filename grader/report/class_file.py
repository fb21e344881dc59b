"""class.csv: a row for every submission of a class, whichever run graded it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from pathlib import Path

from grader.atomic import write_atomically
from grader.course.points import decimal
from grader.intake import PassedOver
from grader.judge.result import Result
from grader.report.earlier import Earlier, unlike
from grader.report.files import inert
from grader.report.remarks import remark

NOT_REACHED = "this run ended before its turn"
NOT_YET = "no run came to it yet"
NOW, BEFORE = "this", "earlier"
PASSED_OVER = "passed_over.csv"


def write_class(
    path: Path,
    results: Iterable[Result],
    waiting: Iterable[str] = (),
    before: Earlier = Earlier(),  # noqa: B008
) -> None:
    """The class as CSV: a row a submission, in the order of their names, points as decimals.

    `results` are of this run, and `waiting` are submissions that it did not come to. `before` is what earlier runs left
    in the folder: whom this run did not grade keeps that row, and it is said whose grade cannot be compared.
    """
    now = {result.submission: result for result in results}
    kept = before.without(now)
    shown = [*now.values(), *kept.results.values()]
    ids = list(dict.fromkeys(problem.id for each in shown for problem in each.problems if problem.kind == "code"))
    waits = set(waiting)
    rows: dict[str, list[str]] = {}
    for result in shown:
        said = [remark(result)]
        if result.submission not in now:
            said = [_how_it_was(result, waits, next(iter(now.values()), None)), *said]
        ungraded = result.verdict == "grader_error"
        if ungraded and (old := before.results.get(result.submission)) and old.verdict != "grader_error":
            said.append(f"{old.submission}.json keeps the grade of an earlier run, of {old.graded_at}")
        by_id = {problem.id: problem.points for problem in result.problems}
        each = ["" if ungraded or (got := by_id.get(id)) is None else decimal(got) for id in ids]
        points = ["" if ungraded else decimal(result.points), decimal(result.max_points)]
        run = NOW if result.submission in now else BEFORE
        last = ["; ".join(filter(None, said)), result.graded_at, run]
        rows[result.submission] = [result.submission, result.verdict, *points, *each, *last]
    empty = [""] * (3 + len(ids))
    for name, why in kept.unreadable.items():
        rows[name] = [name, *empty, why, "", BEFORE]
    for name in (*kept.ungraded, *waits):
        if name not in rows:
            rows[name] = [name, *empty, NOT_REACHED if name in waits else NOT_YET, "", ""]
    heading = ["submission", "verdict", "points", "max_points", *(f"problem {id}" for id in ids)]
    _write(path, [[*heading, "remark", "graded_at", "run"], *(rows[name] for name in sorted(rows))])


def _how_it_was(result: Result, waits: set[str], today: Result | None) -> str:
    """What is to be said of a grade of an earlier run."""
    said = []
    if result.submission in waits:
        said.append(f"{NOT_REACHED}; this grade is of an earlier run, of {result.graded_at}")
    if today is not None and (why := unlike(result, today)):
        said.append(f"{why}, unlike those of this run: grade it again")
    return "; ".join(said)


def write_passed_over(folder: Path, passed: Iterable[PassedOver], source: Path) -> None:
    """passed_over.csv: the files of the folder `source` that are nobody's submission. Rows of other folders stay."""
    path, place = folder / PASSED_OVER, inert(str(source))
    kept: list[list[str]] = []
    try:
        with path.open(newline="", encoding="utf-8") as file:
            kept = [row for row in list(csv.reader(file))[1:] if len(row) == 4 and row[0] != place]
    except (OSError, ValueError, csv.Error):
        pass
    now = [[place, each.file, each.student, each.why] for each in passed]
    _write(path, [["folder", "file", "submission", "why"], *sorted(kept + now)])


def _write(path: Path, rows: Iterable[Iterable[str]]) -> None:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows([[inert(cell) for cell in row] for row in rows])
    write_atomically(path, text.getvalue().encode())
