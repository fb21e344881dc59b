"""`doctor`: what this machine can confine, tried out."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from grader.report.terminal import wide_console
from grader.sandbox.doctor import examine


def show_doctor(confinement: str, secret: Path, console: Console | None = None) -> bool:
    """Tries each layer for real and prints what was stopped. True when nothing got through."""
    console = console or wide_console()
    examination = examine(confinement, secret)
    table = Table(header_style="bold")
    for column in ("attempt", "layer", "result", "detail"):
        table.add_column(column, overflow="fold")
    for attempt in examination.attempts:
        word, style = {True: ("stopped", "green"), False: ("GOT THROUGH", "bold red"), None: ("not tried", "yellow")}[
            attempt.stopped
        ]
        table.add_row(attempt.what, attempt.layer, Text(word, style=style), Text(attempt.detail))
    console.print(table)
    return all(attempt.stopped is not False for attempt in examination.attempts)
