"""A calibration as text: the file, and tables for the terminal and the page."""

from __future__ import annotations

import re

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from grader.judge.calibration import Calibration

_NUMBERS = re.compile(r"\[\n\s+((?:[-\d.e+]+|null)(?:,\n\s+(?:[-\d.e+]+|null))*)\n\s+\]")


def calibration_text(calibration: Calibration) -> str:
    """The content of calibration.json: values of one solution on one line, so that a change of one shows as one."""
    text = calibration.model_dump_json(indent=1)
    return _NUMBERS.sub(lambda found: "[" + re.sub(r"\s+", " ", found[1]) + "]", text) + "\n"


def bounds_table(calibration: Calibration) -> RenderableType:
    """Every bound, and per check what becomes of wrong solutions."""
    table = Table(box=box.SIMPLE_HEAD, header_style="bold")
    for title in ("metric", "bound", "right: worst", "median", "values"):
        table.add_column(title, justify="left" if title == "metric" else "right", no_wrap=True)
    for check in calibration.checks.values():
        for name, metric in check.metrics.items():
            values = sorted(v for came in metric.right.values() for v in came if v is not None)
            worst = values[0] if metric.better == "more" else values[-1]
            side = "≥" if metric.better == "more" else "≤"
            middle = values[len(values) // 2]
            table.add_row(name, f"{side} {metric.bound:.4g}", f"{worst:.4g}", f"{middle:.4g}", str(len(values)))
    wrong = Table(box=box.SIMPLE_HEAD, header_style="bold")
    for title in ("check", "mutant", "caught", "by fit"):
        wrong.add_column(title, justify="left" if title in ("check", "mutant") else "right", no_wrap=True)
    for name, check in calibration.checks.items():
        for mutant, caught in check.caught.items():
            wrong.add_row(name, mutant, f"{caught.caught}/{caught.runs}", f"{caught.by_fit:.1%}")
    return Group(table, wrong, Text(""))
