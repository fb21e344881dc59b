"""Right solutions on fresh seeds, in the terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from grader.judge.result import Measurement
from grader.proof.fresh import Right
from grader.proof.rates import upper_bound


def fresh_tables(found: Sequence[Right]) -> RenderableType:
    """How often each right solution failed, and how what they reached is distributed."""
    gradings = [each for right in found for each in right.gradings]
    failed = sum(right.failed for right in found)
    by_seed = list(zip(*(right.gradings for right in found), strict=True))
    unlucky = sum(any(each.failed for each in of_seed) for of_seed in by_seed)
    total = (
        f"{failed} of {len(gradings)} gradings of right solutions failed a check, on {unlucky} of {len(by_seed)} "
        f"seeds; with 95 % confidence less than {upper_bound(unlucky, len(by_seed)):.1%} of seeds fail any of them. "
        f"CPU time of a grading: median {np.median([each.cpu_s for each in gradings]):.2f} s."
    )
    by_check = Counter(f"{check} {verdict}" for each in gradings for check, verdict in each.failed.items())
    lines = [f"  {what}: {count} times" for what, count in by_check.most_common()]
    stood_for = [right for right in found if right.stood_for]
    if stood_for:
        whole = len(stood_for[0].gradings) - stood_for[0].stood_for
        lines.append(
            f"{len(stood_for)} of the solutions gave the reference's very numbers in the calibrated checks on {whole} "
            f"seeds. On the other {stood_for[0].stood_for} they were graded without these checks, and what the "
            "reference reached there counts for them."
        )
    return Group(_solutions(found), _metrics(found), Text("\n".join([total, *lines])))


def _solutions(found: Sequence[Right]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, header_style="bold")
    for title in ("right solution", "gradings", "failed", "at most"):
        table.add_column(title, justify="left" if title == "right solution" else "right", no_wrap=True)
    for right in found:
        count = len(right.gradings)
        row = [right.specimen, str(count), str(right.failed), f"{upper_bound(right.failed, count):.1%}"]
        table.add_row(*row, style="bold red" if right.failed else "")
    return table


def _metrics(found: Sequence[Right]) -> Table:
    """Percentiles are counted from the bad end. Solutions that compute alike give the same value on the same seed."""
    table = Table(box=box.SIMPLE_HEAD, header_style="bold")
    titles = ("calibrated metric", "bound", "worst", "1 %", "10 %", "median", "best", "values", "different")
    for title in titles:
        first = title == titles[0]
        table.add_column(title, justify="left" if first else "right", no_wrap=not first)
    values: dict[tuple[str, str], list[Measurement]] = {}
    for right in found:
        for grading in right.gradings:
            for check, each in grading.metrics:
                values.setdefault((check, each.metric), []).append(each)
    for (check, metric), came in values.items():
        numbers = np.array([each.value for each in came if each.value is not None])
        ends = (0, 1, 10, 50, 100) if came[0].better == "more" else (100, 99, 90, 50, 0)
        cells = [f"{came[0].bound:.4g}", *(f"{value:.4g}" for value in np.percentile(numbers, ends))]
        table.add_row(f"{check}: {metric}", *cells, str(len(numbers)), str(len(np.unique(numbers))))
    return table
