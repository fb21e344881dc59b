"""Known solutions, right and wrong: the material of every proof.

`solutions/<hw>/mutants/*.py` are wrong in one way each, `alternatives/*.py` are right in another way than the
reference. Both are overlays on the reference. A mutant's docstring says what the student did, then `Problem:` and
`Hint:`.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from grader.authoring.overlay import compose
from grader.batch.known import Mistake
from grader.course.assignment import Assignment, read_text
from grader.errors import CourseError

Kind = Literal["reference", "stub", "alternative", "mutant", "generic"]


@dataclass(frozen=True)
class Specimen:
    """A known submission. `problem`, `says` and `hint` are a mutant's: where it is wrong, how, and what would help."""

    name: str
    kind: Kind
    modules: dict[str, str]
    problem: str = ""
    says: str = ""
    hint: str = ""


def specimens(assignment: Assignment) -> list[Specimen]:
    """The reference, the stub, every alternative and every mutant, in this order. Raises `CourseError`."""
    reference = assignment.sources(assignment.solution)
    return [
        Specimen("reference", "reference", reference),
        Specimen("stub", "stub", assignment.sources(assignment.folder)),
        *_overlays(assignment, reference, "alternative"),
        *_overlays(assignment, reference, "mutant"),
    ]


def mistakes(assignment: Assignment) -> list[Mistake]:
    """Every mutant, for comparing submissions with. Raises `CourseError`."""
    reference = assignment.sources(assignment.solution)
    mutants = _overlays(assignment, reference, "mutant")
    return [Mistake(each.name, each.problem, each.says, each.hint, each.modules) for each in mutants]


def _overlays(
    assignment: Assignment, reference: dict[str, str], kind: Literal["alternative", "mutant"]
) -> Iterator[Specimen]:
    for path in sorted((assignment.solution / f"{kind}s").glob("*.py")):
        text = read_text(path)
        module = _module(path, text, reference)
        modules = {**reference, module: compose(reference[module], text)}
        says, problem, hint = _docstring(path, text, assignment, kind)
        yield Specimen(path.stem, kind, modules, problem, says, hint)


def _module(path: Path, text: str, reference: dict[str, str]) -> str:
    """The module that an overlay is for: named in a line `Module: name` where the assignment has several."""
    named = re.search(r"^Module: (\w+)$", text, re.MULTILINE)
    if named and named[1] in reference:
        return named[1]
    if named or len(reference) > 1:
        raise CourseError(f"{path}: its docstring needs a line `Module: name` with one of {', '.join(reference)}.")
    return next(iter(reference))


def _docstring(path: Path, text: str, assignment: Assignment, kind: str) -> tuple[str, str, str]:
    doc = ast.get_docstring(ast.parse(text)) or ""
    if not doc:
        raise CourseError(f"{path}: needs a docstring that says what is different here.")
    if kind == "alternative":
        return doc.splitlines()[0], "", ""
    problem = re.search(r"^Problem: (.+)$", doc, re.MULTILINE)
    hint = re.search(r"^Hint: ((?:.+\n?)+)", doc, re.MULTILINE)
    if not problem or not hint or problem[1] not in {p.id for p in assignment.problems}:
        raise CourseError(f"{path}: its docstring needs the lines `Problem: <id>` and `Hint: <one sentence>`.")
    return doc.splitlines()[0], problem[1], " ".join(hint[1].split())
