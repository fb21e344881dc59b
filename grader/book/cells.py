"""Single cells of a table that a platform exported, filled; everything else stays byte for byte as it was."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction

from grader.book.rounding import rounded
from grader.book.tables import Cell

_NUMBER = re.compile(r"-?[0-9]+(?:[.,][0-9]+)?", re.ASCII)


def value_of(cell: str) -> Fraction | None:
    """A number that a platform wrote; None for anything else."""
    text = cell.strip()
    return Fraction(text.replace(",", ".")) if _NUMBER.fullmatch(text) else None


def number(points: Fraction, places: int, like: str) -> str:
    """Points as the cell `like` of the same file writes numbers: some languages have a decimal comma."""
    text = rounded(points, places)
    return text.replace(".", ",") if "," in like else text


def edited(text: str, separator: str, edits: Sequence[tuple[Cell, str]]) -> str:
    """The text with other values in some of its cells, which are in order; a cell in quotes keeps them."""
    parts, at = list[str](), 0
    for cell, now in edits:
        needs = cell.quoted or any(char in now for char in (separator, '"', "\r", "\n"))
        quotes = '"' if needs else ""
        parts += [text[at : cell.start], quotes, now.replace('"', '""'), quotes]
        at = cell.end
    return "".join([*parts, text[at:]])
