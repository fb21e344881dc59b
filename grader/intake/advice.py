"""What to tell of a notebook that is not as it was handed out: parts that are gone, moved or not exported."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Set

from grader.intake import names
from grader.intake.cells import EXPORT, Piece, Sorted, cell_name
from grader.intake.magics import cell_magic
from grader.intake.notebook_file import Cell
from grader.intake.parsed import DEFINITION, Parser, bound_names, missing_names
from grader.intake.talk import TALK
from grader.intake.wanted import Wanted
from grader.text import clean_line

_PARSED_CHARS = 500_000  # of all cells that are not exported
_HEAD = "head"


def definitions(strays: list[Cell], wanted: Wanted) -> dict[str, Cell]:
    """The parts of the homework that cells define which are not exported: part -> the last such cell."""
    parts = {part for of in wanted.cells.values() for part in of} - {_HEAD}
    return {name: cell for cell in strays for name in DEFINITION.findall(cell.source) if name in parts}


def defining(found: Mapping[str, Cell]) -> list[str]:
    """ "cell 9 (`def union(a):`) defines union", for each cell."""
    by_cell: dict[int, list[str]] = {}
    for name, cell in found.items():
        by_cell.setdefault(cell.number, []).append(name)
    cells = {cell.number: cell for cell in found.values()}
    return [f"{cell_name(cells[number])} defines {names.listed(by_cell[number], 5)}" for number in sorted(by_cell)]


def not_exported(
    found: Sorted, defined: Mapping[str, Cell], pieces: list[Piece], limit: int, parser: Parser
) -> Iterator[str]:
    """Code that was probably meant to be handed in, but stands in cells that are not exported."""
    written = {name for piece in pieces if not piece.of.untouched for name in piece.defines}
    lost = {name: cell for name, cell in defined.items() if name not in written}
    if lost:
        magic = sorted({name for cell in lost.values() if (name := cell_magic(cell.source))})
        first = f"remove the first line (%%{clean_line(magic[0], 40)}), then " if magic else ""
        yield (
            f"{listed(defining(lost), limit)}, but not exported and so not taken: "
            f"{first}move the code into the cell of that part, or add the tag `{EXPORT}` to the cell"
        )
    missing = missing_names([piece.tree for piece in pieces if piece.tree]) - TALK
    needed = list(_binding(found.strays, missing - lost.keys(), parser)) if missing else []
    if needed:
        yield (
            f"exported cells use what only other cells define: {listed(needed, limit)}. "
            f"Move those lines into an exported cell, or add the tag `{EXPORT}` to the cell"
        )


def _binding(strays: list[Cell], missing: set[str], parser: Parser) -> Iterator[str]:
    left = _PARSED_CHARS
    for cell in strays:
        left -= len(cell.source)
        if left < 0 or parser.exhausted:
            break
        tree = parser.parsed(cell.source).tree if missing.intersection(re.findall(r"\w+", cell.source)) else None
        if tree and (bound := sorted(missing & bound_names(tree))):
            yield f"{names.listed(bound, 5)} of {cell_name(cell)}"


def gone(
    found: Sorted, defined: Mapping[str, Cell], pieces: list[Piece], wanted: Wanted, whole: Set[str], limit: int
) -> Iterator[str]:
    """Parts that no cell is any more, told apart by whether another cell defines them. A `whole` module is one cell."""
    there = {(one.module, one.part) for one in found.exported} | {(home, part) for _, home, part in found.retyped}
    deleted, merged = [], []
    for module, parts in wanted.cells.items():
        for part in parts:
            if (module, part) in there or module not in wanted.module_names or module in whole:
                continue
            holders = [piece for piece in pieces if piece.of.module == module and part in piece.defines]
            if holders:
                merged.append(f"{part} is defined in {holders[-1].of.name}")
            elif part == _HEAD:
                deleted.append(f"{part} (the first cell of {module}.py, with its imports)")
            elif part not in defined:
                deleted.append(part)
    if deleted:
        yield f"cells of the handout that are gone, so that what they define is missing: {listed(deleted, limit)}"
    if merged:
        yield f"parts of the handout that have no cell of their own any more: {listed(merged, limit)}"


def moved(pieces: list[Piece], wanted: Wanted) -> Iterator[str]:
    """Whether the parts stand in another order than in the handout."""
    for module, parts in wanted.cells.items():
        rank = {part: at for at, part in enumerate(parts)}
        highest = -1
        for piece in pieces:
            at = rank.get(piece.of.part, -1) if piece.of.module == module else -1
            if 0 <= at < highest:
                yield f"the cells stand in another order than in the handout ({piece.of.name}): taken as they stand"
                break
            highest = max(highest, at)


def retyped(found: Sorted, limit: int) -> Iterator[str]:
    cells = [f"{cell_name(cell, part)} is a {clean_line(cell.kind, 20)} cell" for cell, _, part in found.retyped]
    if cells:
        yield f"{listed(cells, limit)}, so it was not taken: change its type back to Code"


def listed(told: list[str], limit: int) -> str:
    """The first few, as "a; b; and 3 more"."""
    first = "; ".join(told[:limit])
    return first if len(told) <= limit else f"{first}; and {len(told) - limit:,} more"
