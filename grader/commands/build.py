"""`build`: everything that students receive and that the reference determines."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

from grader.atomic import write_atomically
from grader.authoring.handout import with_points
from grader.authoring.notebook import notebook_of, written
from grader.authoring.stub import stub_of
from grader.commands.record import recorded
from grader.course.assignment import Assignment, read_text
from grader.judge.answers import RECORDED

HOW = "Run: make build"


def build_assignment(assignment: Assignment) -> list[Path]:
    """Writes the points table, the stubs, the notebook and the recorded answers. Returns the files that changed.

    What a file held before is kept in `results/replaced/<homework>/`: somebody may have worked in it.
    """
    changed = []
    for path, text in _generated(assignment):
        if not path.is_file() or read_text(path) != text:
            _keep(assignment, path)
            write_atomically(path, text.encode())
            changed.append(path)
    return changed


def stale(assignment: Assignment) -> dict[Path, str]:
    """Generated files that are not what building would make now, each with what to do."""
    return {
        path: f"is not what the reference makes now. {HOW}"
        for path, text in _generated(assignment)
        if not path.is_file() or read_text(path) != text
    }


def stubs_of(assignment: Assignment) -> dict[str, str]:
    """The stub of each module, from the reference: module name -> source."""
    problems = [problem.id for problem in assignment.problems]
    return {
        module: stub_of(source, assignment.solution / f"{module}.py", problems)
        for module, source in assignment.sources(assignment.solution).items()
    }


def _generated(assignment: Assignment) -> Iterator[tuple[Path, str]]:
    """Each generated text and its file. The handout comes first: the notebook is made from what is in it."""
    readme = assignment.folder / "README.md"
    yield readme, with_points(read_text(readme), assignment, readme)
    stubs = stubs_of(assignment)
    yield from ((assignment.folder / f"{module}.py", text) for module, text in stubs.items())
    yield assignment.notebook, written(notebook_of(assignment, stubs, stubs))
    yield assignment.folder / RECORDED, recorded(assignment)


def _keep(assignment: Assignment, path: Path) -> None:
    if path.is_file():
        kept = assignment.folder.parent.parent / "results" / "replaced" / assignment.name / path.name
        kept.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, kept)
