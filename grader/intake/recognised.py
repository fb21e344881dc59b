"""Cells of the homework without its marks, known by what they define.

Tools lose marks (Deepnote, Kaggle, Colab, nbstripout), and students leave the cell that was handed out as it is and
write below it, or write a module by `%%writefile`. A part of the homework is taken from an unmarked cell when its own
cell is gone or untouched, and exactly one other cell defines it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import replace

from grader.course.digest import HEAD, digest
from grader.intake.cells import Exported, Sorted, cell_name
from grader.intake.magics import MAX_CHARS, cell_magic, without_magics
from grader.intake.notebook_file import Cell
from grader.intake.parsed import DEFINITION, Parser, bound_names, missing_names
from grader.intake.submission import Refused
from grader.intake.talk import TALK, talk_of, without_talk
from grader.intake.wanted import Wanted

_WRITES = re.compile(r"%%(?:writefile|file)[ \t]+(?P<more>-a[ \t]+|--append[ \t]+)?(?P<path>\S.*)")
_LINE_CHARS = 500  # of a line that names a file
_PARSED_CHARS = 500_000  # of cells that may be needed by others
_ROUNDS = 5  # cells that are needed by cells that are needed
_IMPORTS: tuple[type[ast.stmt], ...] = (ast.Import, ast.ImportFrom)
_BEGINS_IMPORTING = re.compile(r"\s*(?:#[^\n]*\n\s*)*(?:import|from)\s")
_PLAIN = (*_IMPORTS, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Assign, ast.AnnAssign)


class Recognition:
    """Adds to the exported cells those that are known by what they define."""

    def __init__(self, found: Sorted, file: str, wanted: Wanted, parser: Parser) -> None:
        self.file, self.wanted, self.parser = file, wanted, parser
        self.exported, self.strays = list(found.exported), list(found.strays)
        self.marked = any(one.part for one in found.exported)
        self.remarks: list[str] = []
        self._defined = {cell.number: _defined(cell) for cell in found.strays}
        self._taken: list[Exported] = []
        self.whole: set[str] = set()  # modules that one cell writes

    def run(self, found: Sorted) -> Sorted:
        """The cells with those that were recognised. Raises `Refused` when several could be the same module."""
        if found.foreign and not found.exported:
            return found  # of another homework, where a function may have the same name
        for module in self.wanted.module_names:
            self._written_as_file(module)
        for module in self.wanted.module_names:
            if module not in self.whole:
                self._parts(module)
        if self._taken:
            self._say_which()
            self._heads()
            self._needed(_PLAIN)
        elif any(_BEGINS_IMPORTING.match(cell.source) for cell in found.strays):
            self._needed(_IMPORTS)  # without a tag, and yet nobody means them to be missing
        order = sorted(self.exported, key=lambda one: one.cell.number)
        taken = {one.cell.number for one in order}
        return replace(found, exported=order, strays=[cell for cell in self.strays if cell.number not in taken])

    def _written_as_file(self, module: str) -> None:
        """`%%writefile multitask.py`: the rest of the cell is the module."""
        cells = [(cell, more) for cell, name, more in self._writing() if name == f"{module}.py"]
        stub = self.wanted.stubs.get(module)
        fresh = {digest(_body(cell)): (cell, more) for cell, more in cells if digest(_body(cell)) != stub}
        if not fresh:
            return
        named = " and ".join(cell_name(cell) for cell, _ in fresh.values())
        if any(one.module == module and not one.untouched and one.cell.source.strip() for one in self._others(fresh)):
            self.remarks.append(
                f"{named} writes {module}.py and was not taken: "
                "the cells that were handed out were written in too, and count"
            )
            return
        if sum(not more for _, more in fresh.values()) > 1:
            raise Refused(
                f"{self.file}: it is not clear which cell is {module}.py: {named} both write it. "
                "Keep the one that counts and remove the other."
            )
        self.whole.add(module)
        numbers = {cell.number for cell, _ in fresh.values()}
        self.exported = [one for one in self.exported if one.module != module and one.cell.number not in numbers]
        for cell, _ in fresh.values():
            self.exported.append(Exported(replace(cell, source=f"\n{_body(cell)}"), module, "", untouched=False))
        self.remarks.append(f"{named} was taken as {module}.py, because it writes that file")

    def _writing(self) -> Iterator[tuple[Cell, str, bool]]:
        for cell in (*self.strays, *(one.cell for one in self.exported)):
            if match := _WRITES.match(cell.source.lstrip()[:_LINE_CHARS]):
                path = match["path"].strip("\"' \t").replace("\\", "/")
                yield cell, path.rpartition("/")[2], match["more"] is not None

    def _others(self, fresh: dict[str, tuple[Cell, bool]]) -> Iterator[Exported]:
        numbers = {cell.number for cell, _ in fresh.values()}
        yield from (one for one in self.exported if one.cell.number not in numbers)

    def _parts(self, module: str) -> None:
        elsewhere = {part for other in self.wanted.module_names if other != module for part in self.wanted.parts(other)}
        written = {name for one in self.exported if not one.untouched for name in DEFINITION.findall(one.cell.source)}
        for part in [part for part in self.wanted.cells.get(module, {}) if part in self.wanted.parts(module)]:
            stub = self.wanted.cells[module][part]
            there = [one for one in self.exported if (one.module, one.part) == (module, part)]
            holders = [cell for cell in self.strays if part in self._defined[cell.number]]
            fresh = list({digest(cell.source): cell for cell in holders if digest(cell.source) != stub}.values())
            if part in elsewhere or not holders:
                continue
            if part in written or any(not one.untouched and one.cell.source.strip() for one in there):
                equal = {digest(one.cell.source) for one in there}
                if more := [cell_name(cell) for cell in fresh if digest(cell.source) not in equal]:
                    self.remarks.append(f"{' and '.join(more[:5])} defines {part} too, and was not taken")
            elif len(fresh) == 1:
                self._take(fresh[0], module, part)
            elif not fresh and not there:
                self._take(holders[-1], module, part)
            elif fresh:
                cells = " and ".join(cell_name(cell) for cell in fresh[:5])
                self.remarks.append(
                    f"it is not clear which cell is {part}, so none was taken: {cells} define it. "
                    f"Keep the one that counts, in the cell of that part"
                )

    def _take(self, cell: Cell, module: str, part: str) -> None:
        self.exported = [one for one in self.exported if (one.module, one.part) != (module, part)]
        untouched = self.wanted.cells[module][part] == digest(cell.source)
        one = Exported(cell, module, part, untouched)
        self._taken.append(one)
        if cell.number not in {other.cell.number for other in self.exported if other.module == module}:
            self.exported.append(one)

    def _say_which(self) -> None:
        cells = "; ".join(dict.fromkeys(f"cell {one.cell.number} ({one.part})" for one in self._taken[:10]))
        cells += f"; and {len(self._taken) - 10} more" if len(self._taken) > 10 else ""
        if self.marked:
            self.remarks.append(f"taken for the cells that were handed out, which are untouched or gone: {cells}")
        else:
            self.remarks.append(f"the marks of the cells are lost; taken were cells by what they define: {cells}")

    def _heads(self) -> None:
        """The first cell of a module, with its imports, as it was handed out."""
        for module, parts in self.wanted.cells.items():
            there = any((one.module, one.part) == (module, HEAD) for one in self.exported)
            head = [cell for cell in self.strays if digest(cell.source) == parts.get(HEAD)]
            if head and not there and module not in self.whole and module in self.wanted.module_names:
                self.exported.append(Exported(head[0], module, HEAD, untouched=True))

    def _needed(self, kinds: tuple[type[ast.stmt], ...]) -> None:
        """Cells of nothing but such statements (imports, helpers, constants) that the exported cells use."""
        left, trees, near = _PARSED_CHARS, {}, []
        for cell in self.strays:
            left -= len(cell.source)
            near += [cell] if left > 0 else []
        needed: list[str] = []
        for module in self.wanted.module_names:
            for _ in range(_ROUNDS):
                taken = [one.cell for one in self.exported if one.module == module]
                numbers = {cell.number for cell in taken}
                own = [tree for cell in taken if (tree := self._tree(cell))]
                missing = missing_names(own) - TALK
                more = []
                for cell in near if missing else []:
                    if cell.number in numbers or not missing.intersection(re.findall(r"\w+", cell.source)):
                        continue
                    if cell.number not in trees:
                        trees[cell.number] = self._tree(cell) if not self.parser.exhausted else None
                    tree = trees[cell.number]
                    if tree and _is_of(kinds, tree) and missing & bound_names(tree):
                        more.append(cell)
                if not more:
                    break
                headless = not any((one.module, one.part) == (module, HEAD) for one in self.exported)
                for at, cell in enumerate(more):
                    part = HEAD if headless and not at else ""
                    self.exported.append(Exported(cell, module, part, untouched=False))
                needed += [cell_name(cell) for cell in more]
        if needed:
            self.remarks.append(f"taken too, because these cells use them: {'; '.join(dict.fromkeys(needed[:10]))}")

    def _tree(self, cell: Cell) -> ast.Module | None:
        """A cell as it will be taken: without what only a notebook understands."""
        source = cell.source
        if cell_magic(source):
            return None
        seen = self.parser.parsed(source)
        if seen.fault and len(source) <= MAX_CHARS:
            source = without_magics(source).source
            seen = self.parser.parsed(source)
        if seen.tree is None:
            return None
        quiet = without_talk(source, seen.tree, talk_of([seen.tree], self.wanted.experiment))
        return self.parser.parsed(quiet.source).tree if quiet.lines else seen.tree


def _defined(cell: Cell) -> list[str]:
    return DEFINITION.findall(cell.source) if not cell_magic(cell.source) else []


def _body(cell: Cell) -> str:
    return cell.source.lstrip().partition("\n")[2]


def _is_of(kinds: tuple[type[ast.stmt], ...], tree: ast.Module) -> bool:
    """Whether a cell holds nothing but this: what is taken beside the homework must not train or plot."""
    return all(
        isinstance(node, (*kinds, ast.Pass)) or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
        for node in tree.body
    )
