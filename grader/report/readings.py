"""Answers as they were understood: a table for the terminal, and a page on which they are typeset."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from rich.table import Table
from rich.text import Text

from grader.authoring.formula import FormulaError, mathml
from grader.judge.understood import Understood

TEMPLATE = Path(__file__).with_name("readings.html")


def readings_table(found: Sequence[Understood]) -> Table:
    """A row an answer: what it is called, and how it was read."""
    table = Table(title="Your answers as they were read (this says nothing about right or wrong)", title_justify="left")
    table.add_column("answer", no_wrap=True)
    table.add_column("read as", ratio=1)
    for each in found:
        said = Text(each.plain)
        for note in each.notes:
            said.append(f"\nnote: {note}", style="yellow")
        table.add_row(each.name, said)
    return table


def readings_page(title: str, found: Sequence[Understood]) -> str:
    """The same as the text of an HTML file, without script, with formulas in MathML."""
    made = Environment(loader=FileSystemLoader(TEMPLATE.parent), undefined=StrictUndefined, autoescape=True)
    rows = [(each, Markup(_formula(each))) for each in found]
    return made.get_template(TEMPLATE.name).render(title=title, rows=rows)


def _formula(answer: Understood) -> str:
    try:
        return mathml(answer.latex, display=True)
    except FormulaError:
        return ""
