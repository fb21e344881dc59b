"""What a TA is told of a submission: what to act on, and no noise that every other one makes."""

import io
from typing import Any

import pytest
from rich.console import Console

from grader.report.remarks import remark, to_look_at
from grader.report.terminal import class_table, to_look_at_table

LOUD = "multitask.py and hw0.ipynb were both written in: multitask.py counts and hw0.ipynb does not. Hand in one"


def printed(width: int, *results: object) -> str:
    console = Console(file=io.StringIO(), width=width)
    for each in (class_table(list(results)), to_look_at_table(list(results))):  # type: ignore[arg-type]
        console.print(each)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_what_nobody_need_act_on_is_not_told(made_up: Any) -> None:
    """Notes are for the student; those of them that are for a TA, too, are remarks."""
    assert remark(made_up("ada", notes=("multitask-1.py was taken as multitask.py", LOUD), remarks=(LOUD,))) == LOUD
    assert to_look_at(made_up("ada", notes=("multitask-1.py was taken as multitask.py",))) == []


def test_what_a_platform_says_is_in_the_file_and_not_in_the_table(made_up: Any) -> None:
    both = made_up("ada", remarks=("handed in late, says Canvas", "2 attempts: the latest counts, x"))
    assert remark(both) == "2 attempts: the latest counts, x; handed in late, says Canvas"
    assert to_look_at(both) == ["2 attempts: the latest counts, x"]


def test_the_fault_of_a_file_is_in_the_classes_file_once(made_up: Any) -> None:
    result = made_up("ada", 0, "crashed")
    assert len(result.checks) == 2
    fault = {"file": "tiny.py", "summary": "Importing tiny.py fails: there is no module `wandb` here."}
    broken = result.model_copy(update={"checks": tuple(each.model_copy(update=fault) for each in result.checks)})
    assert remark(broken) == fault["summary"]
    assert to_look_at(broken) == []
    assert remark(result) == ""


def test_a_problem_comes_first(made_up: Any) -> None:
    assert remark(made_up("ada", 0, "invalid", problem="No.", remarks=("2 attempts",))) == "No.; 2 attempts"
    assert "see not_graded/ada.json" in remark(made_up("ada", 0, "grader_error"))


def test_a_student_does_not_read_the_remarks(made_up: Any) -> None:
    told = made_up("ada", remarks=("may be the same student as bob",)).for_student()
    assert "bob" not in told.model_dump_json()


@pytest.mark.parametrize("width", [80, 100, 160])
def test_the_tables_can_be_read_in_a_narrow_terminal(width: int, made_up: Any) -> None:
    name = "12345-67890 - Anne-Marie Lovelace-Turing-Hopper"
    said = "2 attempts: the latest counts, Feb 4, 2026 905 PM"
    out = printed(width, made_up(name, problems="123456", remarks=(said,)), made_up("bob", 0, "failed", "123456"))
    assert max(map(len, out.splitlines())) <= width
    assert all(word in out for word in said.split())
    row = next(line for line in out.splitlines() if line.strip().startswith("12345"))
    assert all(part in row.split() for part in ("12345-67890", "18", "passed"))
    assert row.split().count("3") == 6


def test_a_large_class_shows_some_and_names_the_file_that_has_all(made_up: Any) -> None:
    many = [made_up(f"s{i:03}", remarks=("2 attempts",)) for i in range(40)]
    out = printed(100, *many)
    assert out.count("2 attempts") == 15
    assert "and 25 more in the column remark of class.csv" in out


def test_nothing_to_look_at_shows_nothing(made_up: Any) -> None:
    assert to_look_at_table([made_up("ada")]) is None
