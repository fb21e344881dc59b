"""What a notebook's cell shows: one output that grows line by line, as HTML and as plain text."""

from __future__ import annotations

import io
from typing import Any

from rich.console import Console, Group
from rich.terminal_theme import TerminalTheme
from rich.text import Text

from grader.report.terminal import wide_console

COLUMNS = 100
VERDICT = 14  # columns of a check's verdict; what the terminal leaves for points stays out here
# Colours that can be read on white and on black, since the background is the notebook's.
_COLOURS = [(128, 128, 128), (200, 50, 50), (30, 140, 60), (175, 120, 0)]
_COLOURS += [(50, 110, 200), (170, 70, 180), (30, 140, 150), (128, 128, 128)]
_THEME = TerminalTheme((255, 255, 255), (0, 0, 0), [*_COLOURS[:7], (255, 255, 255)], _COLOURS)
_HTML = '<pre style="white-space: pre-wrap; line-height: 1.35">{code}</pre>'


class CellOutput:
    """Shows what it is given in the cell that is being run; in IPython's terminal it prints."""

    def __init__(self, shell: Any) -> None:
        self._parts: list[Text] = []
        self._handle: Any = None
        self._console = None if hasattr(shell, "kernel") else wide_console()
        if self._console is not None:
            self._console.file = self._console.file  # pinned, while pytest's own output is put aside

    def add(self, part: Text) -> None:
        """Shows one thing more."""
        if self._console is not None:
            self._console.print(part)
            return
        from IPython.display import display

        self._parts.append(part)
        shown = bundle(self._parts)
        if self._handle is None:
            self._handle = display(shown, raw=True, display_id=True)  # type: ignore[no-untyped-call]
        else:
            self._handle.update(shown, raw=True)


def bundle(parts: list[Text]) -> dict[str, str]:
    """The same as HTML and as plain text, by media type."""
    console = Console(
        record=True,
        file=io.StringIO(),
        width=COLUMNS,
        color_system="truecolor",
        force_terminal=True,
        force_jupyter=False,
    )
    console.print(Group(*parts))
    html = console.export_html(theme=_THEME, code_format=_HTML, inline_styles=True, clear=False)
    plain = "\n".join(line.rstrip() for line in console.export_text().splitlines())
    return {"text/html": html, "text/plain": plain.lstrip("\n")}
