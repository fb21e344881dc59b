"""Known solutions, right and wrong: the material of every proof.

`solutions/<hw>/mutants/*.toml` are wrong in one way each, and say which lines of the reference differ
(`authoring/mutant.py`). `alternatives/*.py` are right in another way, and overlays on the reference
(`authoring/overlay.py`).

Two more kinds measure how well mistakes are recognised. `restyled/<mutant>.py` is an overlay with that mutant's mistake
as another student would have written it; its docstring's first line says in what style. `pairs.toml` names mutants that
change different functions or methods, whose mistakes are then made together:

    [[pair]]
    first = "interaction_loss_summed"
    second = "rating_loss_summed"
"""

from __future__ import annotations

import ast
import contextlib
import random
import re
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from grader.authoring.markers import Definition
from grader.authoring.mutant import FOLDER, Mutant, read_mutant, read_mutants
from grader.authoring.overlay import compose
from grader.course.assignment import Assignment, read_text
from grader.errors import CourseError
from grader.judge.calibration import code_digest
from grader.judge.specimen import Specimen
from grader.judge.substitutes import problems_of

PAIRS = "pairs.toml"


def specimens(assignment: Assignment) -> list[Specimen]:
    """The reference, the stub, every alternative and every mutant, in this order. Raises `CourseError`."""
    reference = assignment.sources(assignment.solution)
    return [
        Specimen("reference", "reference", reference),
        Specimen("stub", "stub", assignment.sources(assignment.folder)),
        *_alternatives(assignment, reference),
        *_mutants(assignment, reference),
    ]


def undone(assignment: Assignment) -> list[Specimen]:
    """Of each problem the reference with what students get in its place: somebody left this problem out."""
    reference, stub = assignment.sources(assignment.solution), assignment.sources(assignment.folder)
    found = []
    for problem in (problem.id for problem in assignment.problems if problem.kind == "code"):
        modules = {name: compose(text, of_problem(stub[name], problem)) for name, text in reference.items()}
        found.append(Specimen(f"without_{problem}", "undone", modules, problem))
    return found


def of_problem(stub: str, problem: str) -> str:
    """The definitions of a stub that are of one problem, as an overlay."""
    nodes = [each for each in ast.parse(stub).body if isinstance(each, Definition) and problem in problems_of(each)]
    return "\n\n".join(ast.get_source_segment(stub, node) or "" for node in nodes)


def mistakes(assignment: Assignment) -> list[Specimen]:
    """Every mutant, for comparing submissions with. Raises `CourseError`."""
    reference = assignment.sources(assignment.solution)
    return list(_mutants(assignment, reference))


def restyled(assignment: Assignment) -> list[Specimen]:
    """Every mutant that `restyled/` has again, under the mutant's name. Raises `CourseError`."""
    reference = assignment.sources(assignment.solution)
    mutants = {mutant.name: mutant for mutant in _mutants(assignment, reference)}
    return [_restyled(path, reference, mutants) for path in sorted((assignment.solution / "restyled").glob("*.py"))]


def _restyled(path: Path, reference: dict[str, str], mutants: dict[str, Specimen]) -> Specimen:
    text = read_text(path)
    if path.stem not in mutants:
        raise CourseError(f"{path}: there is no mutant {path.stem}. Give this file the name of the mutant it restyles.")
    mutant = mutants[path.stem]
    module = _module(path, text, reference)
    _written_docstring(path, text)
    modules = {**reference, module: compose(reference[module], text)}
    if all(code_digest(modules[name]) == code_digest(text) for name, text in mutant.modules.items()):
        raise CourseError(f"{path}: this is the mutant itself. Write the same mistake as another student would.")
    return replace(mutant, kind="restyled", modules=modules)


class _Pair(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")
    first: str = Field(min_length=1)
    second: str = Field(min_length=1)


class _Pairs(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")
    pair: tuple[_Pair, ...]


def pairs(assignment: Assignment) -> list[Specimen]:
    """The combinations of two mistakes that `pairs.toml` names; none without this file. Raises `CourseError`."""
    path = assignment.solution / PAIRS
    if not path.is_file():
        return []
    try:
        listed = _Pairs.model_validate(tomllib.loads(read_text(path))).pair
    except tomllib.TOMLDecodeError as error:
        raise CourseError(f"{path}: not valid TOML: {error}.") from None
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise CourseError(f"{path}: {faults}. Each [[pair]] has the names of two mutants, first and second.") from None
    reference = assignment.sources(assignment.solution)
    paired: dict[frozenset[str], Specimen] = {}
    for pair in listed:
        both = frozenset((pair.first, pair.second))
        if both in paired:
            raise CourseError(f"{path}: {pair.first} and {pair.second} are paired twice. Leave one out.")
        paired[both] = _paired(path, assignment, reference, pair)
    return list(paired.values())


def crossed(assignment: Assignment, count: int) -> list[Specimen]:
    """Up to `count` pairs of mutants of different problems, drawn the same each time, beside those of `pairs.toml`."""
    reference, listed = assignment.sources(assignment.solution), {frozenset(pair.mutants) for pair in pairs(assignment)}
    mutants = [each for each in specimens(assignment) if each.kind == "mutant"]
    couples = [couple for couple in combinations(mutants, 2) if couple[0].problem != couple[1].problem]
    random.Random(assignment.name).shuffle(couples)
    found: list[Specimen] = []
    for first, second in couples:
        if len(found) == count:
            break
        if {first.name, second.name} not in listed:
            with contextlib.suppress(CourseError):  # both change the same function
                found.append(
                    _paired(assignment.solution, assignment, reference, _Pair(first=first.name, second=second.name))
                )
    return found


def _paired(path: Path, assignment: Assignment, reference: dict[str, str], pair: _Pair) -> Specimen:
    """The reference with the first mutant's changes, and then with the second one's."""
    modules, taken = dict(reference), dict[str, str]()
    for name in (pair.first, pair.second):
        file = assignment.solution / FOLDER / f"{name}.toml"
        if not file.is_file():
            raise CourseError(f"{path}: there is no mutant {name}. Name two files of {file.parent} without .toml.")
        mutant = read_mutant(file)
        for place in sorted(mutant.places):
            if place in taken:
                raise CourseError(f"{path}: {taken[place]} and {name} both change {place}, so the second would undo "
                                  "the first. Pair mutants that change different ones.")  # fmt: skip
            taken[place] = name
        modules = mutant.on(modules)
    return Specimen(f"{pair.first}+{pair.second}", "pair", modules, mutants=(pair.first, pair.second))


def _mutants(assignment: Assignment, reference: dict[str, str]) -> Iterator[Specimen]:
    for mutant in read_mutants(assignment.solution):
        _of_a_problem(mutant, assignment)
        yield Specimen(mutant.name, "mutant", mutant.on(reference), mutant.problem, mutant.says, mutant.hint)


def _of_a_problem(mutant: Mutant, assignment: Assignment) -> None:
    ids = [problem.id for problem in assignment.problems]
    if mutant.problem not in ids:
        raise CourseError(f"{mutant.path}: there is no problem {mutant.problem}. Write one of {', '.join(ids)}.")


def _alternatives(assignment: Assignment, reference: dict[str, str]) -> Iterator[Specimen]:
    for path in sorted((assignment.solution / "alternatives").glob("*.py")):
        text = read_text(path)
        module = _module(path, text, reference)
        modules = {**reference, module: compose(reference[module], text)}
        yield Specimen(path.stem, "alternative", modules, says=_written_docstring(path, text).splitlines()[0])


def _module(path: Path, text: str, reference: dict[str, str]) -> str:
    """The module that an overlay is for: named in a line `Module: name` where the assignment has several."""
    named = re.search(r"^Module: (\w+)$", text, re.MULTILINE)
    if named and named[1] in reference:
        return named[1]
    if named or len(reference) > 1:
        raise CourseError(f"{path}: its docstring needs a line `Module: name` with one of {', '.join(reference)}.")
    return next(iter(reference))


def _written_docstring(path: Path, text: str) -> str:
    try:
        doc = ast.get_docstring(ast.parse(text))
    except (SyntaxError, ValueError) as error:
        raise CourseError(f"{path}: not valid Python: {error}.") from None
    if not doc:
        raise CourseError(f"{path}: needs a docstring that says what is different here.")
    return doc
