"""What is told of checks, wrapped so that it stays in a column of its own, however narrow the page is."""

from __future__ import annotations

import io

from rich.console import Console, ConsoleOptions, RenderResult
from rich.text import Text

INDENT = " " * 22  # what is said of a check stands below its sentence
GAP = "  "  # between the verdict with its points and what is said
NARROWEST = 20  # columns that are left for words


class InColumns:
    """Text of checks, as wide as where it is printed."""

    def __init__(self, told: Text) -> None:
        self.told = told

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        yield in_columns(self.told, options.max_width)


def in_columns(told: Text, width: int, left: int = len(INDENT) - len(GAP)) -> Text:
    """`told` in lines of at most `width` columns. Of what stands left of the words, the first `left` ones are kept."""
    console = Console(file=io.StringIO(), width=width)
    text = Text()
    for line in told.split("\n", allow_blank=True):
        verdict, said = line[:left], line[len(INDENT) :]
        for row in said.wrap(console, max(width - left - len(GAP), NARROWEST)) or [Text()]:
            verdict.pad_right(left - len(verdict))
            row.rstrip()
            text.append_text(verdict).append(GAP).append_text(row).append("\n")
            verdict = Text()
    text.rstrip()
    return text
