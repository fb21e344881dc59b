"""A notebook as modules: its exported code cells, in the order in which they stand. Nothing in it is run.

A cell that is not exported is taken only when it is known by what it defines (`recognised.py`). A cell that is not
valid Python is left out and the others are graded, since in a notebook cells live apart. Whatever was done that a
student should know of is a note that names the cell.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from grader.intake import advice
from grader.intake.cells import Exported, Piece, Sorted, nothing_exported, sort_cells, without_copies
from grader.intake.magics import MAX_CHARS, Taken, cell_magic, without_magics
from grader.intake.notebook_file import Cell, cells_of
from grader.intake.parsed import Parsed, Parser
from grader.intake.recognised import Recognition
from grader.intake.submission import CellPlace, IntakeLimits, Notes, Places, Refused
from grader.intake.talk import Talk, talk_of, without_talk
from grader.intake.wanted import Wanted

_BETWEEN = "\n\n\n"  # cells in a module
_OLDER = (
    f"They are read with Python {sys.version_info.major}.{sys.version_info.minor}: "
    "what only a newer one understands has to be written otherwise"
)
_FEW = 20  # cells that are valid alone and not together: honest notebooks have none


@dataclass(frozen=True)
class Notebook:
    """The modules that a notebook makes. `written` is False when it is as it was handed out."""

    modules: dict[str, str]
    places: Places
    notes: Notes
    written: bool


def read_notebook(data: bytes, file: str, wanted: Wanted, limits: IntakeLimits) -> Notebook:
    """The notebook in `data`; `file` is its name, fit to be shown. Raises `Refused` when there is nothing to grade."""
    cells, of_file = cells_of(data, file, limits)
    with Parser(file) as parser:
        found = sort_cells(cells, wanted)
        recognition = Recognition(found, file, wanted, parser)
        found = recognition.run(found)
        lost = advice.definitions(found.strays, wanted)
        if not found.exported:
            raise nothing_exported(found, file, wanted, advice.defining(lost))
        for module in wanted.module_names:  # before anything more is parsed, which takes far longer than to read it
            if sum(len(one.cell.source) for one in found.exported if one.module == module) > limits.source_bytes:
                raise Refused(_too_large(file, limits.source_bytes))
        if not any(one.cell.source.strip() for one in found.exported):
            raise Refused(f"{file}: its exported cells are empty. Check that you saved it, and hand it in again.")
        kept, copies, twice = without_copies(found.exported)
        work = _Work(parser, wanted.experiment)
        pieces = work.pieces(kept)
        modules: dict[str, str] = {}
        places: dict[str, tuple[CellPlace, ...]] = {}
        for module in wanted.module_names:
            pieces, modules[module], places[module] = work.module(module, pieces, file)
        if not pieces:
            raise Refused(
                f"{file} has no exported cell that can be graded: {advice.listed(work.left_out, limits.notes)}. "
                "Correct them, run all cells once, save, and hand it in again."
            )
        told = _Told(file, of_file)
        told.remark(recognition.remarks)
        told.note(_lost_marks(found, limits.notes))
        told.remark(advice.retyped(found, limits.notes))
        told.note([advice.listed(copies, limits.notes)] if copies else [])
        told.remark([advice.listed(twice, limits.notes)] if twice else [])
        told.remark(work.left(limits.notes))
        told.note(work.without(limits.notes))
        told.remark(advice.gone(found, lost, pieces, wanted, recognition.whole, limits.notes))
        told.note(advice.moved(pieces, wanted))
        told.remark(advice.not_exported(found, lost, pieces, limits.notes, parser))
    for text in modules.values():
        if len(text.encode("utf-8", "surrogatepass")) > limits.source_bytes:
            raise Refused(_too_large(file, limits.source_bytes))
    if sum(len(text.encode("utf-8", "surrogatepass")) for text in modules.values()) > limits.sources_bytes:
        raise Refused(_too_large(file, limits.sources_bytes))
    written = _is_written(found, lost, wanted)
    if not written:
        told.note(["its exported cells are as they were handed out"])
    return Notebook(modules, places, told.notes, written)


class _Told:
    """What there is to tell of a notebook, each with its name before it."""

    def __init__(self, file: str, of_file: list[str]) -> None:
        self._file, self.notes = file, Notes()
        self.notes += of_file

    def note(self, remarks: Iterable[str]) -> None:
        self.notes += [f"{self._file}: {remark}" for remark in remarks]

    def remark(self, remarks: Iterable[str]) -> None:
        """For teaching assistants too."""
        for remark in remarks:
            self.notes.remark(f"{self._file}: {remark}")


def joined(pieces: list[Piece], file: str) -> tuple[str, tuple[CellPlace, ...]]:
    """The text of a module, and which of its lines are of which cell."""
    texts: list[str] = []
    future: set[str] = set()
    for piece in pieces:
        text = piece.text
        if texts and piece.tree:
            text, features = _without_future(text, piece.tree)
            future.update(features)
        texts.append(text)
    top = f"from __future__ import {', '.join(sorted(future))}\n" if future else ""
    places: list[CellPlace] = []
    line = 1 + top.count("\n")
    parts: list[str] = []
    for piece, text in zip(pieces, texts, strict=True):
        body = text.strip("\n")
        if not body.strip():
            continue
        skipped = len(text) - len(text.lstrip("\n"))
        last = line + body.count("\n")
        places.append(CellPlace(file, piece.of.cell.number, line, last, line - 1 - skipped))
        parts.append(body)
        line = last + len(_BETWEEN)
    return f"{top}{_BETWEEN.join(parts)}\n", tuple(places)


def _without_future(text: str, tree: ast.Module) -> tuple[str, set[str]]:
    """A text without `from __future__` imports, which only the top of a module may hold, and what they import."""
    lines = text.split("\n")
    features: set[str] = set()
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and node.module == "__future__":
            features.update(alias.name for alias in node.names)
            for at in range(node.lineno - 1, node.end_lineno or node.lineno):
                lines[at] = ""
    return "\n".join(lines), features


@dataclass
class _Work:
    """Exported cells on their way to plain Python, and what happens to them on it."""

    parser: Parser
    experiment: frozenset[str]  # modules of the homework that are not there while work is graded
    chars_left: int = 4 * MAX_CHARS  # for cells that IPython has to look at, which is slow
    left_out: list[str] = field(default_factory=list)
    taken_out: list[str] = field(default_factory=list)

    def pieces(self, cells: list[Exported]) -> list[Piece]:
        plain = [(one, *self._plain(one)) for one in cells]
        talk = talk_of([seen.tree for _, _, seen in plain if seen.tree], self.experiment)
        return [self._piece(one, text, seen, talk) for one, text, seen in plain if seen.fault == ""]

    def module(self, module: str, pieces: list[Piece], file: str) -> tuple[list[Piece], str, tuple[CellPlace, ...]]:
        """The text of a module and the places of its cells. Cells that are not valid beside the others are left out."""
        for left in range(_FEW, -1, -1):
            text, places = joined([piece for piece in pieces if piece.of.module == module], file)
            seen = self.parser.complaint(text)
            place = next((place for place in places if place.first <= seen.line <= place.last), None)
            if not seen.fault or place is None or not left:
                break
            wrong = next(piece for piece in pieces if piece.of.cell.number == place.cell)
            self._leave_out(wrong.of, seen.fault, seen.line - place.offset, "together with the cells above it")
            pieces = [piece for piece in pieces if piece is not wrong]
        return pieces, text, places

    def left(self, limit: int) -> Iterator[str]:
        if self.left_out:
            newer = f". {_OLDER}" if any("not valid Python" in cell for cell in self.left_out) else ""
            yield f"left out: {advice.listed(self.left_out, limit)}{newer}"

    def without(self, limit: int) -> Iterator[str]:
        if self.taken_out:
            lines = advice.listed(self.taken_out, limit)
            yield f"not run, and taken out, because only a notebook understands it: {lines}"

    def _plain(self, one: Exported) -> tuple[str, Parsed]:
        source = one.cell.source
        seen = self.parser.parsed(source)
        if not seen.fault:
            return source, seen
        if magic := cell_magic(source):
            self.left_out.append(f"{one.name} begins with %%{magic[:40]}, so it is not Python")
            return source, Parsed(None, "cell magic")
        self.chars_left -= len(source)
        taken = without_magics(source) if self.chars_left >= 0 else Taken(source)
        self._note(one, taken)
        if taken.source != source:
            seen = self.parser.parsed(taken.source)
        if seen.fault:
            self._leave_out(one, seen.fault, seen.line)
        return taken.source, seen

    def _piece(self, one: Exported, text: str, seen: Parsed, talk: Talk) -> Piece:
        if seen.tree is None:
            return Piece(one, text, None)
        taken = without_talk(text, seen.tree, talk)
        if not taken.lines:
            return Piece(one, text, seen.tree)
        self._note(one, taken)
        return Piece(one, taken.source, self.parser.parsed(taken.source).tree)

    def _leave_out(self, one: Exported, fault: str, line: int, where: str = "") -> None:
        beside = f" {where}" if where else ""
        self.left_out.append(f"{one.name} is not valid Python{beside} ({f'line {line}: ' if line else ''}{fault})")

    def _note(self, one: Exported, taken: Taken) -> None:
        name = one.name
        self.taken_out += [f"{name}, line {line} (`{text}`)" for line, text in taken.lines]


def _lost_marks(found: Sorted, limit: int) -> Iterator[str]:
    if found.untagged:
        names = [one.name for one in found.untagged]
        yield f"without the tag `export`, but taken all the same: {advice.listed(names, limit)}"


def _is_written(found: Sorted, lost: Mapping[str, Cell], wanted: Wanted) -> bool:
    if not wanted.cells or found.retyped or lost:
        return True
    return any(not one.untouched for one in found.exported if one.cell.source.strip())


def _too_large(file: str, limit: int) -> str:
    return f"{file}: its exported cells hold more than {limit:,} bytes. Hand in source code only, without data."
