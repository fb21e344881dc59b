"""Which cells of a notebook are exported, and which part of the homework each of them is."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from grader.course.digest import digest
from grader.intake.notebook_file import Cell
from grader.intake.parsed import bound_names
from grader.intake.submission import Refused
from grader.intake.wanted import Wanted
from grader.text import clean_line

EXPORT = "export"
_ID_CHARS = 64  # the notebook format allows no longer cell ids
_NAME_CHARS = 80
_FIRST_LINE = re.compile(r"\S[^\n]{0,50}")


@dataclass(frozen=True)
class Exported:
    """A code cell that is taken. `part` is "" for a cell that the student added."""

    cell: Cell
    module: str
    part: str
    untouched: bool  # as it was handed out

    @property
    def name(self) -> str:
        return cell_name(self.cell, self.part)


@dataclass(frozen=True)
class Piece:
    """An exported cell as plain Python. Without a `tree` only its reader can say whether it is valid."""

    of: Exported
    text: str
    tree: ast.Module | None

    @cached_property
    def defines(self) -> set[str]:
        return bound_names(self.tree) if self.tree else set()


@dataclass
class Sorted:
    """The cells of a notebook, in order, by what becomes of them."""

    exported: list[Exported] = field(default_factory=list)
    untagged: list[Exported] = field(default_factory=list)  # those of them that lost the tag
    retyped: list[tuple[Cell, str, str]] = field(default_factory=list)  # cells of ours that are not code, module, part
    foreign: list[Cell] = field(default_factory=list)  # of another homework
    strays: list[Cell] = field(default_factory=list)  # code that is not exported


def cell_name(cell: Cell, part: str = "") -> str:
    """As people find it: "cell 7 (union)", or with its first line if it is no part of the homework."""
    first = _FIRST_LINE.search(cell.source)
    shown = part or (f"`{clean_line(first[0].rstrip(), 40)}`" if first else "")
    return f"cell {cell.number} ({shown})" if shown else f"cell {cell.number}"


def sort_cells(cells: Iterable[Cell], wanted: Wanted) -> Sorted:
    """Exported are the code cells with the tag, and those known by their marks to be parts of this homework."""
    ids = {
        f"{module}-{part}"[:_ID_CHARS]: (module, part)
        for module in wanted.module_names
        for part in wanted.cells.get(module, ())
    }
    found = Sorted()
    module = wanted.module_names[0]
    for cell in cells:
        tagged, (home, part) = EXPORT in cell.tags, _identity(cell, wanted, ids)
        if not tagged and not part:
            if cell.kind == "code":
                found.strays.append(cell)
        elif home and home not in wanted.module_names:
            found.foreign.append(cell)
        elif cell.kind != "code":
            found.retyped.append((cell, home, part))
        else:
            module = home or module  # an added cell belongs with the one before it
            untouched = bool(part) and wanted.cells.get(module, {}).get(part) == digest(cell.source)
            found.exported.append(Exported(cell, module, part, untouched))
            found.untagged += [] if tagged else found.exported[-1:]
    return found


def _identity(cell: Cell, wanted: Wanted, ids: Mapping[str, tuple[str, str]]) -> tuple[str, str]:
    """Module and part; no part when it is none that was handed out, no module when nothing names one."""
    module, part = _name(cell.mark.get("module")), _name(cell.mark.get("part"))
    if module and part and wanted.knows(module, part):
        return module, part
    return ids.get(cell.grade_id) or ids.get(cell.id) or (module, "")


def _name(value: object) -> str:
    return value if isinstance(value, str) and len(value) <= _NAME_CHARS and value.isidentifier() else ""


def without_copies(exported: list[Exported]) -> tuple[list[Exported], list[str], list[str]]:
    """The cells without needless copies of the same part; in words, which copies are left out, and which are taken."""
    groups: dict[tuple[str, str], list[Exported]] = {}
    for one in exported:
        if one.part:
            groups.setdefault((one.module, one.part), []).append(one)
    dropped: set[int] = set()
    left_out: list[str] = []
    taken: list[str] = []
    for group in groups.values():
        if len(group) > 1:
            needless = _needless(group)
            dropped |= {one.cell.number for one in needless}
            kept = [one for one in group if one.cell.number not in dropped]
            if needless:
                are = "is an untouched or equal copy" if len(needless) == 1 else "are untouched or equal copies"
                left_out.append(f"{_enumerated(needless)} {are} of {_enumerated(kept)} and left out")
            if len(kept) > 1:
                taken.append(f"{_enumerated(kept)} are the same part: all are taken, and what comes last counts")
    return [one for one in exported if one.cell.number not in dropped], left_out, taken


def _needless(group: list[Exported]) -> list[Exported]:
    """What can go from cells of the same part: untouched ones, and equal ones but for the last, which counts."""
    written = [one for one in group if not one.untouched] or group[:1]
    last = {digest(one.cell.source): one.cell.number for one in written}
    kept = {one.cell.number for one in written if last[digest(one.cell.source)] == one.cell.number}
    return [one for one in group if one.cell.number not in kept]


def _enumerated(cells: list[Exported]) -> str:
    names = [one.name for one in cells[:5]]
    return " and ".join(names) if len(cells) <= 5 else f"{', '.join(names)} and {len(cells) - 5} more"


def nothing_exported(found: Sorted, file: str, wanted: Wanted, definitions: list[str]) -> Refused:
    """What to tell a student in whose notebook there is no cell to take."""
    if found.foreign:
        others = ", ".join(sorted({f"{cell.mark.get('module')}.py" for cell in found.foreign})[:5])
        return Refused(
            f"{file} is the notebook of another homework: its cells are of {clean_line(others, 120)}. "
            f"Hand in {wanted.asked}."
        )
    seen = [f"{cell_name(cell, part)} is a {clean_line(cell.kind, 20)} cell" for cell, _, part in found.retyped]
    told = "; ".join([*definitions, *seen][:5])
    return Refused(
        f"{file} has no exported code cell, so there is nothing to grade{': ' + told if told else ''}. {HOW_TO_EXPORT} "
        "Or copy your code into a fresh copy of the notebook that was handed out."
    )


HOW_TO_EXPORT = (
    f"Cells that count are code cells with the tag `{EXPORT}`: add it to each cell that holds your solution "
    "(JupyterLab: the gears at the right edge, Cell Tags; VS Code: the cell's menu, Add Cell Tag)."
)
