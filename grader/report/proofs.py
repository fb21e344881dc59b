"""Proofs and the kill matrix in the terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich import box
from rich.table import Table
from rich.text import Text

from grader.proof.specimens import Specimen
from grader.proof.verify import KillMatrix, Proof


def matrix_table(matrix: KillMatrix, specimens: Sequence[Specimen]) -> Table:
    """A row a mutant, a column a check: `x` where the check catches it."""
    problems = {specimen.name: specimen.problem for specimen in specimens}
    table = Table(
        title="Kill matrix: which check catches which known wrong solution", header_style="bold", padding=(0, 0, 0, 1)
    )
    table.add_column("mutant")
    table.add_column("problem", justify="right")
    for i, _ in enumerate(matrix.checks, 1):
        table.add_column(str(i), justify="center")
    for mutant in sorted(matrix.kills, key=lambda name: (problems[name], name)):
        kills = matrix.kills[mutant]
        cells = [
            Text("x", style="green") if check in kills else Text("·", style="bright_black") for check in matrix.checks
        ]
        table.add_row(mutant, problems[mutant], *cells, style="" if kills else "bold red")
    return table


def matrix_legend(matrix: KillMatrix) -> Text:
    """Which number is which check, and which checks catch nothing."""
    text = Text()
    for i, check in enumerate(matrix.checks, 1):
        text.append(f"{i:>4}  {check}")
        text.append("   catches no mutant\n" if check in matrix.idle else "\n", style="yellow")
    return text


def proofs_table(proofs: Sequence[Proof]) -> Table:
    """How often each statement held, and each failure by name."""
    table = Table(box=box.SIMPLE_HEAD, header_style="bold")
    table.add_column("statement")
    table.add_column("held", justify="right")
    table.add_column("broken by", overflow="fold", ratio=1)
    for statement in dict.fromkeys(proof.statement for proof in proofs):
        of_it = [proof for proof in proofs if proof.statement == statement]
        broken = [proof for proof in of_it if not proof.held]
        why = Text("\n".join(f"{proof.specimen}: {proof.why_not}" for proof in broken), style="red")
        table.add_row(statement, f"{len(of_it) - len(broken)} of {len(of_it)}", why)
    return table
