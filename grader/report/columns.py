"""What is told of checks, wrapped so that it stays in a column of its own, however narrow the page is."""

from __future__ import annotations

import io
import re

from rich.console import Console, ConsoleOptions, RenderResult
from rich.text import Text

INDENT = " " * 22  # what is said of a check stands below its sentence
GAP = "  "  # between the verdict with its points and what is said
LEFT = len(INDENT) - len(GAP)
NARROWEST = 20  # columns that are left for words
_BEGINS = re.compile(r" *\S+(?: +[\d.]+/[\d.]+)?(?= {2})")  # a verdict, and its points where there are any


class InColumns:
    """Text of checks, as wide as where it is printed."""

    def __init__(self, told: Text) -> None:
        self.told = told

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        yield in_columns(self.told, options.max_width)


def in_columns(told: Text, width: int, left: int = LEFT) -> Text:
    """`told`, of one check or of several, in lines of `width` columns. Verdict and points get `left` of them or more.

    On a page that leaves no `NARROWEST` columns for words lines are longer.
    """
    lines = [_split(line) for line in told.split("\n", allow_blank=True)]
    left = max(left, *(len(begins) for begins, _ in lines))
    console = Console(file=io.StringIO(), width=width)
    text = Text()
    for begins, said in lines:
        for row in said.wrap(console, max(width - left - len(GAP), NARROWEST)) or [Text()]:
            begins.pad_right(left - len(begins))
            row.rstrip()
            text.append_text(begins).append(GAP).append_text(row).append("\n")
            begins = Text()
    text.rstrip()
    return text


def _split(line: Text) -> tuple[Text, Text]:
    """What stands left of the words, and the words."""
    if line.plain.startswith(INDENT):
        return Text(), line[len(INDENT) :]
    begins = _BEGINS.match(line.plain)
    end = begins.end() if begins else 0
    words = len(line.plain) - len(line.plain[end:].lstrip())
    return line[:end], line[words:]
