"""`build`: everything that students receive and that the reference determines."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from grader.atomic import write_atomically
from grader.authoring.handout import with_points
from grader.authoring.notebook import notebook_of, written
from grader.authoring.stub import stub_of
from grader.commands.record import recorded
from grader.course.assignment import Assignment, read_text
from grader.course.document import document_of
from grader.judge.answers import RECORDED, Recorder
from grader.judge.rounding import stale_answers
from grader.sandbox.models import preload_of

HOW = "Run: make build"
SHOWN = 3  # stale answers that are told one by one


@dataclass(frozen=True)
class Generated:
    """A file that students receive and the text that building would write into it now."""

    path: Path
    text: str

    def wrong(self) -> str:
        """How the file differs from that; "" if it does not."""
        if not self.path.is_file():
            return "is missing."
        return self.differs(read_text(self.path))

    def differs(self, text: str) -> str:
        """The same of the file's text."""
        return "" if text == self.text else "is not what the reference makes now."


@dataclass(frozen=True)
class GeneratedAnswers(Generated):
    """Recorded answers, whose last digits may be another processor's."""

    recorder: Recorder

    def differs(self, text: str) -> str:
        found = [str(each) for each in stale_answers(text, self.recorder)]
        more = f" (and {len(found) - SHOWN} more)" if len(found) > SHOWN else ""
        return f"is not what the reference says now: {'; '.join(found[:SHOWN])}{more}." if found else ""


def build_assignment(assignment: Assignment) -> list[Path]:
    """Writes points table, stubs and notebook (or the document), and recorded answers. Returns the files that changed.

    What a file held before is kept in `results/replaced/<homework>/`: somebody may have worked in it. Raises
    `WeightsError` where weights are missing that recorded answers need.
    """
    preload_of(assignment)  # refused before anything is written
    changed = []
    for generated in _generated(assignment):
        if generated.wrong():
            _keep(assignment, generated.path)
            write_atomically(generated.path, generated.text.encode())
            changed.append(generated.path)
    return changed


def stale(assignment: Assignment) -> dict[Path, str]:
    """Generated files that are not what building would make now, each with what is wrong and what to do."""
    found = {generated.path: generated.wrong() for generated in _generated(assignment)}
    return {path: f"{wrong} {HOW}" for path, wrong in found.items() if wrong}


def stubs_of(assignment: Assignment) -> dict[str, str]:
    """The stub of each module, from the reference: module name -> source."""
    problems = [problem.id for problem in assignment.problems]
    return {
        module: stub_of(source, assignment.solution / f"{module}.py", problems)
        for module, source in assignment.sources(assignment.solution).items()
    }


def _generated(assignment: Assignment) -> Iterator[Generated]:
    """Each generated file. The handout comes first: the notebook is made from what is in it."""
    readme = assignment.folder / "README.md"
    yield Generated(readme, with_points(read_text(readme), assignment, readme))
    stubs = stubs_of(assignment)
    if assignment.document:
        yield Generated(assignment.folder / assignment.document, _document(assignment, *stubs.values()))
    else:
        yield from (Generated(assignment.folder / f"{module}.py", text) for module, text in stubs.items())
        yield Generated(assignment.notebook, written(notebook_of(assignment, stubs, stubs)))
    answers = recorded(assignment)
    yield GeneratedAnswers(assignment.folder / RECORDED, answers.text(), answers)


def _document(assignment: Assignment, stub: str) -> str:
    titles = {problem.id: problem.title for problem in assignment.problems}
    return document_of(stub, f"{assignment.short.upper()}: answers", titles)


def _keep(assignment: Assignment, path: Path) -> None:
    if path.is_file():
        kept = assignment.folder.parent.parent / "results" / "replaced" / assignment.name / path.name
        kept.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, kept)
