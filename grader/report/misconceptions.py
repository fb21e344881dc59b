"""What a class gets wrong: how many students made which mistake."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from rich import box
from rich.table import Table
from rich.text import Text

from grader.atomic import write_atomically
from grader.course.points import decimal
from grader.judge.result import Result
from grader.judge.verdict import MEANING
from grader.report.files import inert

MOST_SHOWN = 15  # in the terminal; the CSV has all
COLUMNS = ("problem", "students", "handed_in", "share", "says", "mutant")


@dataclass(frozen=True)
class Misconception:
    """One mistake in a class: what the answers look like, and how many of those who handed in made it.

    `mutant` is the known wrong solution that gives these answers, or empty where they were only compared.
    """

    problem: str
    says: str
    mutant: str
    students: int
    handed_in: int

    @property
    def share(self) -> Fraction:
        return Fraction(self.students, self.handed_in)


def misconceptions(results: Sequence[Result]) -> list[Misconception]:
    """The mistakes of a class, the most frequent first, equally frequent ones in the order of problems and words.

    A student counts once for a mistake, however many checks show it. Submissions that could not be read or were not
    graded do not count at all.
    """
    counted = [result for result in results if MEANING[result.verdict].told]
    order = {problem.id: i for result in counted[:1] for i, problem in enumerate(result.problems)}
    students: dict[tuple[str, str, str], int] = {}
    for result in counted:
        made = {
            (check.problem, check.diagnosis.says, check.diagnosis.mutant) for check in result.checks if check.diagnosis
        }
        for mistake in made:
            students[mistake] = students.get(mistake, 0) + 1
    found = [Misconception(*mistake, count, len(counted)) for mistake, count in students.items()]
    return sorted(found, key=lambda item: (-item.students, order.get(item.problem, 0), item.says, item.mutant))


def write_misconceptions(path: Path, results: Sequence[Result]) -> None:
    """The same as CSV, the share as a decimal."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for item in misconceptions(results):
        numbers = [item.students, item.handed_in, decimal(item.share)]
        writer.writerow([inert(item.problem), *numbers, inert(item.says), inert(item.mutant)])
    write_atomically(path, text.getvalue().encode())


def misconceptions_table(found: Sequence[Misconception]) -> Table:
    """The most frequent mistakes, a line each."""
    left_out = len(found) - MOST_SHOWN
    caption = f"and {left_out} more in misconceptions.csv" if left_out > 0 else None
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), header_style="bold", expand=True, caption=caption)
    table.caption_justify = "left"
    table.add_column("problem", no_wrap=True)
    table.add_column("students", justify="right", no_wrap=True)
    table.add_column("share", justify="right", no_wrap=True)
    table.add_column("what their answers look like", ratio=1)
    for item in found[:MOST_SHOWN]:
        cells = [item.problem, f"{item.students} of {item.handed_in}", f"{float(item.share):.0%}", item.says]
        table.add_row(*map(Text, cells))
    return table
