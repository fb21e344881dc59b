"""What is said of checks stays in its column, in a terminal of any width."""

from __future__ import annotations

import io

import pytest
from rich.console import Console
from rich.text import Text

from grader.report.columns import INDENT, InColumns, in_columns

BEGINS = "        failed   1/2  "
SAID = (
    f"{BEGINS}Losses 2 and 0.5 with weights 0.99 and 0.01 add up to 1.985; without weights to 2.5.\n"
    f"{INDENT}try: Return the tensor itself: .item() and float() make a plain number of it, which ends the gradient.\n"
    f"{INDENT}    a line of code\n"
)


@pytest.mark.parametrize("width", [80, 100, 160])
def test_a_line_that_goes_on_keeps_its_indent(width: int) -> None:
    shown = io.StringIO()
    Console(file=shown, width=width).print(InColumns(Text(SAID)))
    first, *others = shown.getvalue().rstrip("\n").split("\n")
    assert first.startswith(f"{BEGINS}Losses 2")
    assert all(line.startswith(INDENT) for line in others)
    assert all(len(line) <= width for line in (first, *others))
    assert len(others) > 2 or width == 160
    assert others[-1] == f"{INDENT}    a line of code"
    assert " ".join(shown.getvalue().split()) == " ".join(SAID.split()), "every word, once"


@pytest.mark.parametrize("points", ["0/3", "0.5/0.5", "12.5/12.5", "0.333333/0.333333"])
@pytest.mark.parametrize("width", [80, 160])
def test_points_of_any_length_are_shown_whole(points: str, width: int) -> None:
    said = SAID.replace("  1/2  ", f" {points:>5}  ")
    shown = io.StringIO()
    Console(file=shown, width=width).print(InColumns(Text(said)))
    first, *others = shown.getvalue().rstrip("\n").split("\n")
    at = first.index("Losses")
    assert first[:at].split() == ["failed", points]
    assert all(line.startswith(" " * at) and len(line) <= width for line in others)
    assert " ".join(shown.getvalue().split()) == " ".join(said.split()), "every word, once"


def test_where_no_points_are_given_their_column_is_left_out() -> None:
    first, *others = in_columns(Text(SAID.replace("  1/2", 5 * " ")), 80, left=14).plain.split("\n")
    assert first.startswith("        failed  Losses 2")
    assert all(line.startswith(16 * " ") for line in others)


def test_a_very_narrow_page_still_has_words() -> None:
    assert all(len(line) <= 22 + 20 for line in in_columns(Text(SAID), 10).plain.split("\n"))
