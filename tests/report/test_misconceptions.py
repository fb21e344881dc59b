"""What a class gets wrong: counted once a student, sorted, and written so that no spreadsheet runs it."""

import csv
import io
import random
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from grader.judge.problem import Shown
from grader.judge.result import CheckResult, Diagnosis, Environment, ProblemResult, Result
from grader.judge.verdict import Verdict
from grader.report.misconceptions import COLUMNS, MOST_SHOWN, misconceptions, misconceptions_table, write_misconceptions

AVERAGED = ("2", "You averaged.", "total_averaged")
RANKS = ("6", "You counted ranks from 0.", "ranks_from_zero")
SIGN = ("2", "Your answer has the opposite sign.", "")
PROBLEMS = tuple(
    ProblemResult(id=id, title=id, kind="code", points=Fraction(0), max_points=Fraction(2)) for id in ("1", "2", "6")
)
ENVIRONMENT = Environment(
    grader="1", python="3", torch="2", numpy="2", platform="x", grading_seed="1", confinement="none: a test", layers=()
)


def check(problem: str, verdict: Verdict, diagnosis: Diagnosis | None, number: int) -> CheckResult:
    return CheckResult(
        id=f"test_{number}", problem=problem, asked="It.", visibility="hidden", verdict=verdict, points=Fraction(0),
        max_points=Fraction(1), diagnosis=diagnosis,
    )  # fmt: skip


def student(name: str, *mistakes: tuple[str, str, str], verdict: Verdict = "failed", shown: Shown = "always") -> Result:
    """A result with a check for each mistake, and one that passed unless the verdict is that of all."""
    checks = [
        check(problem, verdict, Diagnosis(mutant=mutant, says=says, hint="", shown=shown), i)
        for i, (problem, says, mutant) in enumerate(mistakes)
    ]
    rest = check("1", "passed" if verdict == "failed" else verdict, None, 99)
    return Result(
        assignment="hw0", submission=name, source=name, fingerprint="", points=Fraction(0), max_points=Fraction(6),
        problems=PROBLEMS, checks=(*checks, rest), environment=ENVIRONMENT, graded_at="", cpu_seconds=0, wall_seconds=0,
    )  # fmt: skip


CLASS = [
    student("ada", AVERAGED, AVERAGED, RANKS),
    student("bob", RANKS, SIGN),
    student("cyd", RANKS),
    student("dee"),
    student("eve", AVERAGED, verdict="invalid"),
    student("fay", AVERAGED, verdict="grader_error"),
]


def test_a_student_counts_once_and_the_share_is_of_those_who_could_be_graded() -> None:
    found = misconceptions(CLASS)
    assert [(item.problem, item.says, item.mutant, item.students) for item in found] == [
        (*RANKS, 3),
        (*AVERAGED, 1),
        (*SIGN, 1),
    ]
    assert {item.handed_in for item in found} == {4}
    assert [item.share for item in found] == [Fraction(3, 4), Fraction(1, 4), Fraction(1, 4)]


@given(st.randoms(use_true_random=False))
def test_the_order_does_not_depend_on_who_comes_first(random: random.Random) -> None:
    mixed = [*CLASS, student("gil", ("1", "Z", "z")), student("hal", ("1", "A", "a"))]
    random.shuffle(mixed)
    assert [(item.problem, item.says) for item in misconceptions(mixed)] == [
        RANKS[:2],
        ("1", "A"),
        ("1", "Z"),
        AVERAGED[:2],
        SIGN[:2],
    ]


def test_the_same_words_in_two_problems_are_two_mistakes() -> None:
    both = student("ada", SIGN, ("6", *SIGN[1:]))
    assert [(item.problem, item.students) for item in misconceptions([both])] == [("2", 1), ("6", 1)]


def test_what_only_staff_may_see_is_counted_too() -> None:
    assert [item.students for item in misconceptions([student("ada", SIGN, shown="staff")])] == [1]


@pytest.mark.parametrize("results", [[], [student("dee")], [student("eve", AVERAGED, verdict="invalid")]])
def test_a_class_without_mistakes(results: list[Result], tmp_path: Path) -> None:
    assert misconceptions(results) == []
    write_misconceptions(tmp_path / "m.csv", results)
    assert rows(tmp_path / "m.csv") == [list(COLUMNS)]


def rows(path: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(path.read_text(), newline="")))


def test_as_csv(tmp_path: Path) -> None:
    write_misconceptions(tmp_path / "m.csv", CLASS)
    assert rows(tmp_path / "m.csv") == [
        ["problem", "students", "handed_in", "share", "says", "mutant"],
        ["6", "3", "4", "0.75", "You counted ranks from 0.", "ranks_from_zero"],
        ["2", "1", "4", "0.25", "You averaged.", "total_averaged"],
        ["2", "1", "4", "0.25", "Your answer has the opposite sign.", ""],
    ]


@pytest.mark.parametrize("says", ["=1+1", "-1 * x", "@SUM(A1)", "+x", "\t=1"])
def test_no_cell_is_a_formula(says: str, tmp_path: Path) -> None:
    write_misconceptions(tmp_path / "m.csv", [student("ada", ("2", says, says))])
    assert rows(tmp_path / "m.csv")[1] == ["2", "1", "1", "1", f"'{says}", f"'{says}"]


def printed(thing: Any) -> str:
    console = Console(file=io.StringIO(), width=100)
    console.print(thing)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_as_a_table() -> None:
    text = printed(misconceptions_table(misconceptions(CLASS)))
    lines = [" ".join(line.split()) for line in text.splitlines()]
    assert "problem students share what their answers look like" in lines
    assert "6 3 of 4 75% You counted ranks from 0." in lines
    assert "more in" not in text


def test_a_long_table_is_cut_and_says_so() -> None:
    many = [("2", f"[bold]Mistake {i:02}[/bold].", "") for i in range(MOST_SHOWN + 4)]
    text = printed(misconceptions_table(misconceptions([student("ada", *many)])))
    assert text.count("[bold]Mistake") == MOST_SHOWN
    assert "and 4 more in misconceptions.csv" in text
