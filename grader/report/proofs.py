"""Proofs in the terminal: the kill matrix, what is known of each check, and what did not hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from grader.course.points import decimal
from grader.judge.problem import Check
from grader.proof.calibrated import Fresh
from grader.proof.matrix import KillMatrix
from grader.proof.rates import Rate
from grader.proof.survivors import Outcome
from grader.proof.verify import Proof

SHOWN = 12  # failures of one statement; the JSON has all
MATRIX_LEGEND = "x: caught. X: caught by this check alone. A check that was blocked has caught nothing."
CHECKS_LEGEND = (
    "kills: known wrong solutions that it catches (idle: none), sole: those that no other check catches, generic: "
    "generic mutants.\nfailed right: right gradings in which it failed (flaky: any); at most: how often it may fail, "
    "with 95 % confidence.\nCPU s: what right solutions need for it, median and maximum; slow: median above its budget."
)


def numbered(checks: Mapping[str, Check]) -> dict[str, int]:
    """The number of each check in the tables: first those with points, which are the matrix's columns."""
    return {name: i for i, name in enumerate(sorted(checks, key=lambda name: checks[name].points == 0), 1)}


def matrix_tables(matrix: KillMatrix, checks: Mapping[str, Check]) -> RenderableType:
    """A table a problem: a row a mutant, a column a check of that problem, and what other checks caught it."""
    numbers = numbered(checks)
    parts: list[RenderableType] = [Text("Kill matrix: which check catches which known wrong solution", style="italic")]
    for problem in dict.fromkeys(matrix.problems.values()):
        columns = [name for name in matrix.checks if checks[name].problem == problem]
        mutants = [mutant for mutant, of in matrix.problems.items() if of == problem]
        strays = any(set(matrix.kills[mutant]) - set(columns) for mutant in mutants)
        table = Table(box=box.SIMPLE_HEAD, header_style="bold", padding=(0, 0, 0, 1))
        table.add_column(f"problem {problem}: mutant", no_wrap=True)
        for name in columns:
            table.add_column(str(numbers[name]), justify="center", no_wrap=True)
        if strays:
            table.add_column("elsewhere", no_wrap=True)
        for mutant in mutants:
            kills = matrix.kills[mutant]
            cells = [_cell(name in kills, alone=len(kills) == 1) for name in columns]
            elsewhere = Text(" ".join(str(numbers[name]) for name in kills if name not in columns), style="red")
            table.add_row(mutant, *cells, *([elsewhere] if strays else []), style="" if kills else "bold red")
        parts.append(table)
    return Group(*parts, Text(MATRIX_LEGEND))


def _cell(killed: bool, *, alone: bool) -> Text:
    if not killed:
        return Text("·", style="bright_black")
    return Text("X", style="bold yellow") if alone else Text("x", style="green")


def checks_table(
    checks: Mapping[str, Check], matrix: KillMatrix, rates: Sequence[Rate], generic: Sequence[Outcome]
) -> RenderableType:
    """A row a check: what it catches, how often it fails right solutions, what it takes."""
    table = Table(box=box.SIMPLE_HEAD, header_style="bold", padding=(0, 1, 0, 0))
    table.add_column("", justify="right", no_wrap=True)
    table.add_column("check", no_wrap=True, overflow="ellipsis", ratio=1)
    titles = ("points", "kills", "sole", "generic", "failed right", "at most", "CPU s", "max", "budget")
    for title in titles:
        table.add_column(title, justify="right", no_wrap=True)
    table.add_column("marks", style="yellow", no_wrap=True)
    by_generic = Counter(name for outcome in generic for name in outcome.killed_by)
    of = {rate.check: rate for rate in rates}
    for name, number in numbered(checks).items():
        rate, worth = of[name], checks[name].points
        caught = [str(len(matrix.killed_by(name))), str(len(matrix.only_killer_of(name))), str(by_generic[name])]
        table.add_row(
            str(number), name, decimal(worth), *(caught if worth else ["", "", ""]),
            f"{len(rate.failed)}/{rate.asked}", f"{rate.at_most:.1%}",
            f"{rate.median_s:.3f}", f"{rate.max_s:.3f}", f"{rate.budget_s:g}", " ".join(_marks(name, matrix, rate)),
        )  # fmt: skip
    return Group(table, Text(CHECKS_LEGEND), "")


def _marks(name: str, matrix: KillMatrix, rate: Rate) -> list[str]:
    marks = {
        "idle": name in matrix.idle,
        "flaky": bool(rate.failed),
        "slow": rate.median_s > rate.budget_s,
    }
    return [mark for mark, there in marks.items() if there]


def generic_line(outcomes: Sequence[Outcome]) -> str:
    """How the generic mutants fared."""
    killed = [outcome for outcome in outcomes if outcome.killed_by]
    explained = [outcome for outcome in outcomes if not outcome.killed_by and outcome.reason]
    slow = [outcome for outcome in outcomes if outcome.timed_out]
    seconds = [outcome.cpu_s for outcome in slow if outcome.cpu_s is not None]
    took = f", in {sum(seconds):.0f} s of CPU time" if seconds else ""
    return (
        f"Generic mutants: {len(outcomes)} made, {len(killed)} killed ({len(killed) / max(len(outcomes), 1):.1%}), "
        f"{len(explained)} explained, {len(outcomes) - len(killed) - len(explained)} unexplained; "
        f"{len(slow)} ran into a limit{took}"
    )


def fresh_table(found: Sequence[Fresh]) -> RenderableType:
    """What right solutions reached in calibrated metrics, on seeds that the calibration has not seen."""
    table = Table(box=box.SIMPLE_HEAD, header_style="bold")
    for title in ("calibrated metric, right solutions", "bound", "worst", "median", "gradings"):
        table.add_column(title, justify="left" if "metric" in title else "right", no_wrap=True)
    for each in found:
        numbers = [f"{value:.4g}" for value in (each.bound, each.worst, each.median)]
        table.add_row(f"{each.check}: {each.metric}", *numbers, str(each.count))
    return table


def proofs_table(proofs: Sequence[Proof]) -> RenderableType:
    """How often each statement held, and below it each failure by name."""
    table = Table(box=box.SIMPLE_HEAD, header_style="bold")
    table.add_column("statement", no_wrap=True)
    table.add_column("held", justify="right", no_wrap=True)
    failures = Text()
    for statement in dict.fromkeys(proof.statement for proof in proofs):
        of_it = [proof for proof in proofs if proof.statement == statement]
        broken = [proof for proof in of_it if not proof.held]
        table.add_row(statement, f"{len(of_it) - len(broken)} of {len(of_it)}", style="bold red" if broken else "")
        if broken:
            failures.append(f"Does not hold: {statement}\n", style="bold red")
            failures.append("".join(f"  {proof.specimen}: {proof.why_not}\n" for proof in broken[:SHOWN]))
        if len(broken) > SHOWN:
            failures.append(f"  and {len(broken) - SHOWN} more, all in the JSON\n")
    return Group(table, failures) if failures else table
