"""Results in the terminal: a table of the class, and one submission as its student or a TA reads it."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from rich import box
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from grader.course.points import decimal
from grader.judge.result import CheckResult, Result
from grader.judge.verdict import MEANING, Verdict
from grader.report.columns import INDENT, InColumns
from grader.report.remarks import remark, to_look_at
from grader.report.saying import Folded, Line, faults_of_files, folded, folded_checks, lines_of, printed, told_once

MOST_SHOWN = 15  # of what to look at; class.csv has all
LINE_STYLE = {"summary": "", "diagnosis": "yellow", "try": "cyan"}


def wide_console(*, stderr: bool = False) -> Console:
    """The terminal, on standard output or error; a file or a pipe gets lines long enough for the tables."""
    console = Console(stderr=stderr)
    return console if console.is_terminal else Console(stderr=stderr, width=160)


def class_table(results: Sequence[Result], *, expected: dict[str, str] | None = None) -> Table:
    """A line a submission; with `expected`, what a demonstration says that its grade should be."""
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), header_style="bold", expand=True)
    table.add_column("submission", overflow="fold", max_width=30)  # the one column that a narrow terminal may break
    table.add_column("points", justify="right", no_wrap=True)
    ids = (
        [(problem.id, problem.max_points) for problem in results[0].problems if problem.kind == "code"]
        if results
        else []
    )
    for id, most in ids:
        table.add_column(f"{id}/{decimal(most)}", justify="right", no_wrap=True)
    table.add_column("verdict", no_wrap=True)
    if expected:
        table.add_column("expected", no_wrap=True)
    table.add_column("first thing to look at", no_wrap=True, overflow="ellipsis", ratio=1)
    for result in sorted(results, key=lambda result: result.submission):
        ungraded = result.verdict == "grader_error"
        cells = [Text(result.submission), Text("?" if ungraded else decimal(result.points), style="bold")]
        by_id = {problem.id: problem.points for problem in result.problems if problem.points is not None}
        for id, most in ids:
            cells.append(Text("?" if ungraded else decimal(by_id[id]), style="green" if by_id[id] == most else "red"))
        cells.append(Text(result.verdict, style=MEANING[result.verdict].style))
        if expected:
            cells.append(Text(expected.get(result.submission, "")))
        table.add_row(*cells, Text(first_fault(result).replace("\n", " ")))
    return table


def to_look_at_table(results: Sequence[Result]) -> Table | None:
    """What a TA should look at, in full: a class's table has room for a few words. None when there is nothing."""
    found = [(result.submission, to_look_at(result)) for result in results]
    rows = sorted((name, "; ".join(said)) for name, said in found if said)
    if not rows:
        return None
    left_out = len(rows) - MOST_SHOWN
    caption = f"and {left_out} more in the column remark of class.csv" if left_out > 0 else None
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), header_style="bold", expand=True, caption=caption)
    table.caption_justify = "left"
    table.add_column("submission", overflow="fold", max_width=30)
    table.add_column("look at this", ratio=1)
    for name, said in rows[:MOST_SHOWN]:
        table.add_row(Text(name), Text(said.replace("\n", " ")))
    return table


def first_fault(result: Result) -> str:
    """The first thing to look at, in a line; "" where everything passed."""
    if result.refusal:
        return remark(result)
    for verdict in ("grader_error", "crashed", "timeout", "invalid", "failed", "missing"):
        for check in result.checks:
            if check.verdict == verdict:
                known = check.diagnosis
                if check.file:
                    return check.summary
                if known and known.mutant:
                    return f"{check.problem}: {known.says}"
                failed = f"{check.asked} {known.says if known else check.summary}"
                said = {"grader_error": check.detail, "failed": failed}
                return f"{check.problem}: {said.get(verdict, check.summary)}"
    return ""


def submission_page(result: Result, *, staff: bool) -> RenderableType:
    """One submission. For a student, pass `result.for_student()`; `staff` adds what only they may see."""
    parts: list[RenderableType] = []
    if result.refusal:
        parts += [
            Text(f"This submission could not be read: {result.refusal}", style=MEANING["invalid"].style),
            Text(""),
        ]
    if not result.refusal:
        parts += [
            text
            for check in faults_of_files(result.checks)
            for text in (InColumns(file_text(check, staff=staff)), Text(""))
        ]
    for problem in result.problems:
        checks = [check for check in result.checks if check.problem == problem.id]
        if not checks:
            continue
        worth = (
            f"{decimal(problem.points)} of {decimal(problem.max_points)} points"
            if problem.points is not None
            else "graded by hand"
        )
        if all(check.max_points == 0 for check in checks):
            worth = f"{sum(check.verdict == 'passed' for check in checks)} of {len(checks)} checks pass"
        parts.append(Text(f"Problem {problem.id}, {problem.title}: {worth}", style="bold"))
        if not result.refusal:
            in_a_line = [check for check in checks if folded(check) and (check.file or not staff)]
            others = [check for check in checks if check not in in_a_line]
            parts += [InColumns(check_text(check, staff=staff)) for check in told_once(others)]
            parts += [InColumns(text) for text in folded_text(in_a_line)]
        parts.append(Text(""))
    for note in result.notes:
        parts.append(Text(f"Note: {note}", style="bright_black"))
    return Group(*parts)


def check_text(check: CheckResult, *, staff: bool) -> Text:
    """One check: verdict, what was asked, and what to do about it."""
    text = _begun(check.verdict, check.points, check.max_points)
    text.append(f"{check.asked}\n")
    for line in lines_of(check, staff=staff):
        _add(text, line)
    text.rstrip()
    return text


def _add(text: Text, line: Line) -> None:
    body = line.text.rstrip().replace("\n", "\n" + INDENT)
    text.append(f"{INDENT}{line.label}{body}\n", style=LINE_STYLE.get(line.kind, "bright_black"))


def _begun(verdict: Verdict, points: Fraction, most: Fraction) -> Text:
    text = Text("  ")
    text.append(f"{verdict:>12}", style=MEANING[verdict].style)
    worth = f"{decimal(points)}/{decimal(most)}" if most else ""
    return text.append(f" {worth:>5}", style="bright_black").append("  ")


def file_text(check: CheckResult, *, staff: bool) -> Text:
    """The fault of a whole file, as the first check that met it tells it."""
    text = Text("  ")
    text.append(f"{check.verdict:>12}", style=MEANING[check.verdict].style).append(f"        {check.summary}\n")
    lines = [Line("try", "try: ", check.hint), Line("detail", "detail: " if staff else "details: ", check.detail)]
    lines += [Line("printed", "printed: ", check.output)] if staff else printed(check.output)
    for line in filter(lambda line: line.text, lines):
        _add(text, line)
    text.rstrip()
    return text


def folded_text(checks: Sequence[CheckResult]) -> list[Text]:
    """The checks of one problem that are `folded`: a line for what is not implemented, one for each other reason."""
    return [
        _folded(each) if isinstance(each, Folded) else check_text(each, staff=False) for each in folded_checks(checks)
    ]


def _folded(folded: Folded) -> Text:
    text = _begun(folded.verdict, folded.points, folded.max_points).append(f"{folded.said}\n")
    if folded.hint:
        _add(text, Line("try", "try: ", folded.hint))
    text.rstrip()
    return text


def points_line(result: Result) -> str:
    """The total in a sentence."""
    if result.verdict == "grader_error":
        return f"{result.submission}: not graded, by our own mistake; see the checks marked grader_error."
    return f"{result.submission}: {decimal(result.points)} of {decimal(result.max_points)} points."


def show(console: Console, result: Result, *, staff: bool) -> None:
    """Prints one submission."""
    console.print(submission_page(result, staff=staff))
    console.print(points_line(result), style="bold", markup=False, highlight=False)
