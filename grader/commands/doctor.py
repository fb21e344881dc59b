"""`doctor`: what this machine can confine, tried out, and whether its versions were ever tried."""

from __future__ import annotations

import platform
from importlib.metadata import version
from pathlib import Path

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from grader.judge.tried import untried
from grader.report.terminal import wide_console
from grader.sandbox.doctor import examine

SHOWN = {True: ("stopped", "green"), False: ("GOT THROUGH", "bold red"), None: ("not tried", "yellow")}


def show_doctor(confinement: str, secrets: Path, console: Console | None = None) -> bool:
    """Says which layers are active and why others are not, tries each, and prints what was stopped.

    `secrets` is a folder that no submission may list. True when the confinement is strong enough to grade for marks
    and nothing got through.
    """
    console = console or wide_console()
    console.print(about_versions(platform.python_version(), version("torch")))
    found = examine(confinement, [secrets])
    console.print(f"Active layers: {', '.join(found.layers) or 'none'}", style="bold", highlight=False)
    for layer, why in found.missing.items():
        console.print(f"Missing: {layer}: {why}", style="yellow", markup=False, highlight=False)
    table = Table(box=box.SIMPLE_HEAD, header_style="bold")
    table.add_column("attempt", overflow="fold")
    table.add_column("layer", no_wrap=True)
    table.add_column("result", no_wrap=True)
    table.add_column("detail", overflow="fold")
    for attempt in found.attempts:
        word, style = SHOWN[attempt.stopped]
        table.add_row(Text(attempt.what), Text(attempt.layer), Text(word, style=style), Text(attempt.detail))
    console.print(table)
    good = found.strong and found.holds
    verdict = "Strong enough to grade for marks." if good else "NOT strong enough to grade for marks."
    console.print(verdict, style="green" if good else "bold red", highlight=False)
    return good


def about_versions(python: str, torch: str) -> Text:
    """Whether this grader was ever tried with these."""
    here = f"Python {python}, PyTorch {torch}"
    if outside := untried({"Python": python, "torch": torch}):
        told = f"{here}. Not tried with this grader: {'; '.join(outside)}. Run `make test` before you grade for marks."
        return Text(told, style="yellow")
    return Text(f"{here}: what all tests and proofs were run with.")
