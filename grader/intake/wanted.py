"""What an assignment asks for: modules, or the notebook that is their other view."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader.course.digest import HEAD, TAIL, digest
from grader.course.document import module_of, places_in, twice_in, written_in
from grader.errors import IntakeError
from grader.intake import names
from grader.intake.submission import CellPlace

if TYPE_CHECKING:
    from grader.course.assignment import Assignment

_IMPORT = re.compile(r"^(?:import|from)[ \t]+(\w+)", re.MULTILINE)
_NO_NAMES = frozenset({HEAD, TAIL})  # parts that are not called after what they define
_PROBES = "probes"  # lies beside a submission while it is graded
_CLEARLY = 2  # names of another homework that a file must define to be of it


@dataclass(frozen=True)
class Wanted:
    """The modules and the notebook that a submission may be, and how both were handed out.

    Without `cells` and `stubs` it cannot be told what a student has changed; everything can be graded all the same.
    """

    modules: tuple[str, ...]  # "multitask.py"
    notebook: str = ""  # "hw0.ipynb"; "" when there is none
    cells: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # module -> part -> digest, in handout's order
    stubs: Mapping[str, str] = field(default_factory=dict)  # module -> digest of the untouched module
    beside: frozenset[str] = frozenset()  # modules in the homework's folder that are not handed in: "baselines"
    experiment: frozenset[str] = frozenset()  # those of them that cells of the notebook use beside the work
    others: Mapping[str, frozenset[str]] = field(default_factory=dict)  # other homework -> its modules and their parts
    document: bool = False  # a document is handed in, which stands for the module

    @classmethod
    def of(cls, assignment: Assignment) -> Wanted:
        """What `assignment` asks for, as its notebook tells. A notebook that is absent or damaged tells nothing."""
        if assignment.document:
            return cls._of_document(assignment)
        path = assignment.notebook
        try:
            notebook = json.loads(path.read_text(encoding="utf-8"))
            told = notebook["metadata"]["grader"]
            # Read from the cells, because a notebook's metadata is saved in alphabetical order.
            order = list(_parts(notebook))
            cells = {
                module: {part: of[part] for part in sorted(of, key=lambda part: _rank(order, (module, part)))}
                for module, of in told["cells"].items()
            }
            stubs = dict(told["modules"])
            imported = _imported_beside(notebook)
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return cls(assignment.modules, path.name)
        there = {file.stem for file in assignment.folder.glob("*.py")}
        own = {file.removesuffix(".py") for file in assignment.modules}
        beside = frozenset(there - own - {_PROBES})
        used = beside & imported
        return cls(assignment.modules, path.name, cells, stubs, beside, used, _others(assignment.folder))

    @classmethod
    def _of_document(cls, assignment: Assignment) -> Wanted:
        """The same of a homework whose answers are written into a document."""
        module = names.module(assignment.document)
        try:
            text = (assignment.folder / assignment.document).read_text(encoding="utf-8")
        except (OSError, ValueError):
            return cls((assignment.document,), document=True)
        cells = {module: {each.name: "" for each in written_in(text)}}
        stubs, others = {module: digest(module_of(text))}, _others(assignment.folder)
        return cls((assignment.document,), cells=cells, stubs=stubs, others=others, document=True)

    def as_module(self, text: str) -> str:
        """What a file's text is as a module: itself, but of a document the module that this stands for."""
        return module_of(text, self.parts(self.module_names[0])) if self.document else text

    def places_in(self, text: str, file: str) -> tuple[CellPlace, ...]:
        """Where the answers of a document stand in it, by the lines of the module."""
        found = places_in(text, self.parts(self.module_names[0]))
        return tuple(CellPlace(file, 0, first, last, last - line) for first, last, line in found)

    def twice_in(self, text: str) -> list[str]:
        """The answers that a document gives twice, and differently."""
        return twice_in(text, self.parts(self.module_names[0]))

    def check(self) -> None:
        """Raises `IntakeError`: the names are the assignment's, so whatever is wrong with them is ours."""
        if not self.modules or isinstance(self.modules, str):
            raise IntakeError('The assignment asks for no files: name them, for example ["multitask.py"].')
        for file in self.modules:
            is_source = file.endswith((".py", ".md")) and names.module(file).isidentifier()
            if not is_source or names.shadows(file, folder=False):
                raise IntakeError(
                    f"The assignment asks for {file!r}: a module needs the suffix .py and a name that is nobody else's."
                )
        if len({names.folded(file) for file in self.modules}) < len(self.modules):
            raise IntakeError(
                f"The assignment asks for files that differ too little in name: {', '.join(self.modules)}."
            )

    @property
    def module_names(self) -> tuple[str, ...]:
        """The modules as Python imports them: "multitask"."""
        return tuple(names.module(file) for file in self.modules)

    @property
    def asked(self) -> str:
        """In words: "multitask.py or hw0.ipynb"."""
        modules = names.listed(list(self.modules), 9)
        return f"{modules} or {self.notebook}" if self.notebook else modules

    @property
    def forms(self) -> str:
        """What to do about a file of another kind."""
        kinds = self.modules[0] if self.document else "a .py, a notebook (.ipynb)"
        return f"Hand in a folder, {kinds}, a .zip or a .tar.gz."

    @property
    def only(self) -> str:
        """What to do about a file that is too large."""
        return "Hand in the answers alone." if self.document else "Hand in source code only, without data."

    def parts(self, module: str) -> frozenset[str]:
        """The names that a module of this homework must define, as far as it is known what was handed out."""
        return frozenset(self.cells.get(module, {})) - _NO_NAMES

    def untouched(self, text: str, module: str) -> bool:
        """Whether the text of a module is what was handed out."""
        return self.stubs.get(module) == digest(text)

    def is_written(self, modules: Mapping[str, str], module: str) -> bool:
        """Whether somebody wrote a module: it is among these texts, not empty, and not as it was handed out."""
        text = modules.get(module, "")
        return bool(text.strip()) and not self.untouched(text, module)

    def of_another(self, file: str, defined: AbstractSet[str]) -> str:
        """The other homework of which a file is, by its name or by what it defines; "" when it is not of one."""
        if file in self.modules or any(self.parts(module) & defined for module in self.module_names):
            return ""
        for homework, known in self.others.items():
            if file in known or len(known & defined) >= _CLEARLY:
                return homework
        return ""

    def knows(self, module: str, part: str) -> bool:
        """Whether this is a part that was handed out; any is, while it is not known what was."""
        return module in self.module_names and (module not in self.cells or part in self.cells[module])


def _others(folder: Path) -> dict[str, frozenset[str]]:
    """What the homeworks beside this one ask for, as their notebooks tell: files, and what is defined in them."""
    others = {}
    for path in sorted(folder.parent.glob("*/hw*.ipynb")):
        if path.parent == folder:
            continue
        try:
            cells = json.loads(path.read_text(encoding="utf-8"))["metadata"]["grader"]["cells"]
            known = {part for of in cells.values() for part in of} - _NO_NAMES
            others[path.parent.name] = frozenset({*known, *(f"{module}.py" for module in cells)})
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            continue
    return others


def _imported_beside(notebook: Any) -> set[str]:
    """What is imported by the cells that only the notebook has: the experiment of a problem."""
    cells = [cell for cell in notebook["cells"] if str(cell.get("id", "")).startswith("problem-")]
    return {name for cell in cells for name in _IMPORT.findall("".join(cell.get("source", "")))}


def _parts(notebook: Any) -> Iterator[tuple[str, str]]:
    for cell in notebook["cells"]:
        mark = cell.get("metadata", {}).get("grader", {})
        yield mark.get("module", ""), mark.get("part", "")


def _rank(order: list[tuple[str, str]], part: tuple[str, str]) -> int:
    return order.index(part) if part in order else len(order)
