"""Public checks as they are told one after the other: what is the same of many is told once."""

from typing import Any

from rich.text import Text

from grader.report.cell_output import COLUMNS, VERDICT
from grader.report.columns import in_columns
from grader.report.practice import Practice

FAULT = {
    "file": "tiny.py",
    "summary": "Importing tiny.py fails: there is no module `wandb` here.",
    "hint": "Do without.",
}
STUB = {"file": "", "summary": "This is not implemented yet (line 3 of tiny.py).", "hint": "Write it."}


def told(result: Any, changed: dict[str, str]) -> str:
    """What is shown of these checks, each of them there three times, with their titles."""
    shown: list[Text] = []
    titles = {problem.id: f"title {problem.id}" for problem in result.problems}
    practice = Practice(
        titles, heading=shown.append, tell=lambda text: shown.append(in_columns(text, COLUMNS, VERDICT))
    )
    for check in result.checks:
        for _ in range(3):
            practice.add(check.model_copy(update=changed))
    practice.end()
    return "\n".join(text.plain for text in shown)


def test_the_fault_of_a_file_is_told_once_however_many_checks_it_ends(made_up: Any) -> None:
    said = told(made_up("ada", 0, "crashed"), FAULT)
    assert said.count("no module `wandb`") == said.count("try: Do without.") == 1
    assert said.count("3 checks: See tiny.py above.") == 2  # of two problems
    assert said.index("wandb") < said.index("title 1") < said.index("title 2")


def test_what_is_not_implemented_is_a_line_for_each_problem(made_up: Any) -> None:
    said = told(made_up("ada", 0, "missing"), STUB)
    assert said.count("3 checks: Not implemented yet (line 3 of tiny.py).") == 2
    assert "This is not implemented yet" not in said


def test_a_check_of_its_own_is_told_by_itself_and_in_its_place(made_up: Any) -> None:
    said = told(made_up("ada", 0, "failed"), {"summary": "the answer has shape (4, 1)."})
    assert said.count("the answer has shape (4, 1).") == 6
    assert said.count("title 1") == said.count("title 2") == 1
