"""A homework as a notebook: the handout's text, a cell per definition, and a cell that checks each problem.

Cells that carry the tag `export` make the modules; `metadata.grader` says of which part each is. All cells carry
nbgrader's metadata (schema version 3), so that a course that uses nbgrader can take the notebook.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from grader.authoring.handout import for_notebook, sections_of
from grader.authoring.parts import Part, joined, parts_of
from grader.course.assignment import Assignment, Problem, read_text
from grader.course.digest import TAIL, digest
from grader.errors import CourseError

EXPORT = "export"
EXTRA_CELLS = "notebook.py"  # cells that only the notebook has, as a text notebook in jupytext's percent format
SETUP = Path(__file__).parent / "templates" / "notebook" / "setup.txt"  # the first code cell, which finds the grader
HOW = """## This notebook

It is the other view of {modules}: complete the cells below as you would complete the file, and hand in the one or the
other. What you hand in are the cells tagged `export`; the grader takes them in order, so keep the tag, rely on no other
cell, and put imports that you need into the first cell with the tag. `check("1")` runs the public checks of problem 1
on the functions as you have just defined them.

In a browser alone (Colab, Kaggle), upload {zip}, which the course hands out, beside this notebook, and run the next
cell. At the end download the notebook, and hand it in."""
MAX_ID = 64


def notebook_of(assignment: Assignment, modules: Mapping[str, str], stubs: Mapping[str, str]) -> NotebookNode:
    """The notebook of these `modules` (name -> source): of the stubs, or of the reference for the filled-in one.

    The handout is the README.md beside them. `stubs` are what students receive, by which an untouched cell is known.
    Raises `CourseError` when the handout has no section for a code problem.
    """
    sections = sections_of(read_text(assignment.folder / "README.md"))
    parts = {module: parts_of(text, f"{module}.py") for module, text in modules.items()}
    extra = _extra_cells(assignment)
    coded = [problem.id for problem in assignment.problems if problem.kind == "code"]
    absent = [id for id in (*coded, *extra) if id not in [section.problem for section in sections]]
    if absent:
        raise CourseError(f'{assignment.folder / "README.md"}: has no section "## Problem {absent[0]}: ...".')
    cells: list[NotebookNode] = []
    begun = False
    for section in sections:
        if section.problem and not begun:
            begun = True
            cells += _start(assignment, parts)
        cells.append(_text_cell(f"text-{slug(section.title) or 'title'}", for_notebook(section.text)))
        cells += [_export_cell(module, part) for module, part in _of_problem(parts, section.problem)]
        cells += [_check_cell(problem) for problem in assignment.problems if section.problem == problem.id in coded]
        cells += extra.get(section.problem, [])
    return new_notebook(cells=cells, metadata=_metadata(assignment, stubs))


def written(notebook: NotebookNode) -> str:
    """The notebook as a file's text. Raises `CourseError` when it is not valid."""
    try:
        nbformat.validate(notebook)
    except nbformat.ValidationError as error:
        raise CourseError(f"The notebook made is not valid: {error}") from None
    return f"{nbformat.writes(notebook, version=4, indent=1)}\n"


def _start(assignment: Assignment, parts: Mapping[str, tuple[Part, ...]]) -> Iterator[NotebookNode]:
    """What comes before the first problem: how it works, the checks' import, and the heads of the modules."""
    modules = " and ".join(f"`{name}`" for name in assignment.modules)
    yield _text_cell("this-notebook", HOW.format(modules=modules, zip=f"`{assignment.name}.zip`"))
    setup = read_text(SETUP).replace("HOMEWORK", assignment.name).strip()
    yield _folded(_code_cell("setup", setup, locked=True))
    for module, of_module in parts.items():
        yield from (_export_cell(module, part) for part in of_module if not part.problem)


def _of_problem(parts: Mapping[str, tuple[Part, ...]], problem: str) -> Iterator[tuple[str, Part]]:
    if problem:
        for module, of_module in parts.items():
            yield from ((module, part) for part in of_module if part.problem == problem)


def _metadata(assignment: Assignment, stubs: Mapping[str, str]) -> dict[str, Any]:
    untouched = {module: parts_of(text, f"{module}.py") for module, text in stubs.items()}
    return {
        "grader": {
            "homework": assignment.name,
            "cells": {module: {part.name: digest(part.text) for part in of} for module, of in untouched.items()},
            "modules": {module: digest(text) for module, text in stubs.items()},
        },
        "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }


def _text_cell(id: str, text: str) -> NotebookNode:
    return new_markdown_cell(text, id=id, metadata={"nbgrader": _nbgrader(id, locked=True)})


def _code_cell(id: str, source: str, *, locked: bool) -> NotebookNode:
    return new_code_cell(source, id=id, metadata={"nbgrader": _nbgrader(id, locked=locked)})


def _folded(cell: NotebookNode) -> NotebookNode:
    """A cell whose code JupyterLab and Colab show only when asked."""
    cell.metadata.update(jupyter={"source_hidden": True}, cellView="form")
    return cell


def _check_cell(problem: Problem) -> NotebookNode:
    """The cell that runs a problem's public checks; a course that grades with nbgrader gives the points for them."""
    id = f"check-{problem.id}"
    points = int(problem.points) if problem.points.denominator == 1 else float(problem.points)
    metadata = {"nbgrader": {**_nbgrader(id, locked=True), "grade": True, "points": points}}
    return new_code_cell(f'check("{problem.id}")', id=id, metadata=metadata)


def slug(title: str) -> str:
    """A title as part of a cell id: "The idea" -> "the-idea"."""
    return "-".join(re.findall(r"[a-z0-9]+", title.lower()))[:50]


def _export_cell(module: str, part: Part) -> NotebookNode:
    id = f"{module}-{part.name}"[:MAX_ID]
    metadata = {
        "tags": [EXPORT],
        "grader": {"module": module, "part": part.name},
        # nbgrader empties a solution cell that has no markers, so what is given to students is not one.
        "nbgrader": {**_nbgrader(id, locked=False), "solution": bool(part.problem) and part.name != TAIL},
    }
    return new_code_cell(part.text, id=id, metadata=metadata)


def _nbgrader(id: str, *, locked: bool) -> dict[str, Any]:
    return {
        "schema_version": 3,
        "grade_id": id,
        "grade": False,
        "solution": False,
        "locked": locked,
        "task": False,
    }


def _extra_cells(assignment: Assignment) -> dict[str, list[NotebookNode]]:
    """The cells of the text notebook beside the handout, by the problem that each one's metadata names."""
    path = assignment.folder / EXTRA_CELLS
    if not path.is_file():
        return {}
    import jupytext

    cells: dict[str, list[NotebookNode]] = {}
    for number, cell in enumerate(jupytext.reads(read_text(path), fmt="py:percent").cells, 1):
        problem = str(cell.metadata.get("problem", ""))
        if number == 1 and not problem:
            continue  # what stands above the first `# %%` is about the file
        if not problem:
            raise CourseError(f'{path}: cell {number} names no problem. Begin it with: # %% problem="7"')
        of_problem = cells.setdefault(problem, [])
        id = f"problem-{problem}-{len(of_problem) + 1}"
        make: Callable[..., NotebookNode] = new_markdown_cell if cell.cell_type == "markdown" else new_code_cell
        of_problem.append(make(cell.source, id=id))
    return cells


def exported(notebook: NotebookNode) -> dict[str, str]:
    """The modules that a notebook as generated holds: module -> source. For notebooks of strangers, see the intake."""
    texts: dict[str, list[str]] = {}
    for cell in notebook.cells:
        if EXPORT in cell.metadata.get("tags", []):
            texts.setdefault(cell.metadata["grader"]["module"], []).append(cell.source)
    return {module: joined(of_module) for module, of_module in texts.items()}
