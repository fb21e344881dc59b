"""What a folder of results holds from earlier runs, and which runs may write into it.

A folder is of one class and one homework. A run replaces the results of those whom it grades, and keeps all others.
"""

from __future__ import annotations

import csv
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from grader.course.assignment import Assignment
from grader.errors import CourseError, ResultsError
from grader.intake.names import listed
from grader.judge.result import Result
from grader.report.files import NOT_GRADED, read_result

CLASS = "class.csv"


@dataclass(frozen=True)
class Earlier:
    """Results of earlier runs by name, files that are no results and why, and who was never graded."""

    results: Mapping[str, Result] = field(default_factory=dict)
    unreadable: Mapping[str, str] = field(default_factory=dict)
    ungraded: tuple[str, ...] = ()

    def without(self, names: Collection[str]) -> Earlier:
        """What of it stays when these are graded now."""
        return Earlier(
            {name: result for name, result in self.results.items() if name not in names},
            {name: why for name, why in self.unreadable.items() if name not in names},
            tuple(name for name in self.ungraded if name not in names),
        )


def earlier(folder: Path) -> Earlier:
    """Reads a folder of results. Of one whom a run failed to judge it is that run's result, as in class.csv."""
    results: dict[str, Result] = {}
    unreadable: dict[str, str] = {}
    for path in [*sorted(folder.glob("*.json")), *sorted((folder / NOT_GRADED).glob("*.json"))]:
        if path.name.startswith("."):
            continue
        try:
            result = read_result(path)
        except CourseError as error:
            unreadable[path.stem] = str(error)
            continue
        if result.submission != path.stem:
            unreadable[path.stem] = f"{path}: is the result of {result.submission}. Remove the copy, or name it back."
            continue
        results[path.stem] = result
    known = {*results, *unreadable}
    return Earlier(
        results, unreadable, tuple(name for name in _rows_without_grade(folder / CLASS) if name not in known)
    )


def refuse_mixing(folder: Path, before: Earlier, assignment: Assignment, only: frozenset[str]) -> None:
    """Raises `ResultsError` where a run would mix two homeworks, or replace results of more problems than it grades."""
    others = {result.assignment for result in before.results.values()} - {assignment.name}
    if others:
        raise ResultsError(
            f"{folder}: holds results of {sorted(others)[0]}, and this run grades {assignment.name}. "
            "Name another folder with --out."
        )
    more = [name for name, result in before.results.items() if only and not problems_of(result) <= only]
    if more:
        raise ResultsError(
            f"{folder}: holds results of more problems than this run grades ({listed(sorted(more), 3)}), and keeps "
            "them. Name another folder with --out; without --out each choice of problems has one of its own."
        )


def problems_of(result: Result) -> set[str]:
    """The problems that a result grades by checks."""
    return {problem.id for problem in result.problems if problem.kind == "code"}


def unlike(result: Result, now: Result) -> str:
    """Why a grade of an earlier run cannot be compared with those of now; "" when it can."""
    then, today = result.environment, now.environment
    if problems_of(result) != problems_of(now):
        return f"graded on other problems ({', '.join(sorted(problems_of(result)))})"
    checks, checks_now = ({check.id: check.max_points for check in each.checks} for each in (result, now))
    if checks != checks_now:
        return "graded by other checks"
    if then.grading_seed != today.grading_seed:
        return "graded with another seed"
    if then.grader != today.grader:
        return f"graded by version {then.grader} of the grader"
    return f"graded with PyTorch {then.torch}" if then.torch != today.torch else ""


def _rows_without_grade(path: Path) -> list[str]:
    """Those of whom a class.csv says that a run ended before their turn."""
    try:
        with path.open(newline="", encoding="utf-8") as file:
            return [row["submission"] for row in csv.DictReader(file) if row["submission"] and not row["verdict"]]
    except (OSError, ValueError, KeyError, csv.Error):
        return []
