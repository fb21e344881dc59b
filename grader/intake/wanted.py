"""What an assignment asks for: modules, or the notebook that is their other view."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from grader.errors import IntakeError
from grader.intake import names

if TYPE_CHECKING:
    from grader.course.assignment import Assignment


@dataclass(frozen=True)
class Wanted:
    """The modules and the notebook that a submission may be, and how both were handed out.

    Without `cells` and `stubs` it cannot be told what a student has changed; everything can be graded all the same.
    """

    modules: tuple[str, ...]  # "multitask.py"
    notebook: str = ""  # "hw0.ipynb"; "" when there is none
    cells: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # module -> part -> digest, in handout's order
    stubs: Mapping[str, str] = field(default_factory=dict)  # module -> digest of the untouched module

    @classmethod
    def of(cls, assignment: Assignment) -> Wanted:
        """What `assignment` asks for, as its notebook tells. A notebook that is absent or damaged tells nothing."""
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
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return cls(assignment.modules, path.name)
        return cls(assignment.modules, path.name, cells, stubs)

    def check(self) -> None:
        """Raises `IntakeError`: the names are the assignment's, so whatever is wrong with them is ours."""
        if not self.modules or isinstance(self.modules, str):
            raise IntakeError('The assignment asks for no files: name them, for example ["multitask.py"].')
        for file in self.modules:
            if not file.endswith(".py") or not file[:-3].isidentifier() or names.shadows(file, folder=False):
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
        return tuple(file.removesuffix(".py") for file in self.modules)

    @property
    def asked(self) -> str:
        """In words: "multitask.py or hw0.ipynb"."""
        modules = names.listed(list(self.modules), 9)
        return f"{modules} or {self.notebook}" if self.notebook else modules

    def knows(self, module: str, part: str) -> bool:
        """Whether this is a part that was handed out; any is, while it is not known what was."""
        return module in self.module_names and (module not in self.cells or part in self.cells[module])


def _parts(notebook: Any) -> Iterator[tuple[str, str]]:
    for cell in notebook["cells"]:
        mark = cell.get("metadata", {}).get("grader", {})
        yield mark.get("module", ""), mark.get("part", "")


def _rank(order: list[tuple[str, str]], part: tuple[str, str]) -> int:
    return order.index(part) if part in order else len(order)
