"""Pairs of submissions that are alike, as pages: a table that leads to each pair, both texts side by side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from grader.report.student_page import TEMPLATES as REPORTS
from grader.sandbox.shut_in import lacking
from grader.similarity.compared import Compared, Pair, Side

TEMPLATES = Path(__file__).with_name("templates")


@dataclass(frozen=True)
class Stretch:
    """A part of a text, and whether the other text has it too."""

    text: str
    shared: bool


def index_page(title: str, found: Compared, pages: Sequence[str], students: int) -> str:
    """The table of all pairs; `pages` are the addresses of theirs."""
    walls = lacking(found.walls) if found.common else ""
    return _made("similar.html.jinja", title=title, found=found, pages=pages, students=students, lacking=walls)


def pair_page(title: str, pair: Pair) -> str:
    """One pair."""
    sides = [(side, list(stretches(side))) for side in (pair.one, pair.other)]
    return _made("pair.html.jinja", title=title, pair=pair, sides=sides)


def stretches(side: Side) -> Iterator[Stretch]:
    """The text of one side in order, taken apart where shared places begin and end."""
    source, at = side.text.source, 0
    for begin, end in side.places:
        if at < begin:
            yield Stretch(source[at:begin], False)
        yield Stretch(source[begin:end], True)
        at = end
    if at < len(source):
        yield Stretch(source[at:], False)


def _made(template: str, **values: object) -> str:
    made = Environment(
        loader=FileSystemLoader([TEMPLATES, REPORTS]),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["percent"] = lambda share: f"{100 * share:.0f} %"
    return made.get_template(template).render(**values)
