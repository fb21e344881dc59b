"""The slow proofs, kept: what became of every generic mutant and of every mistake in another style.

Grading these takes longer than all other proofs together, so `make prove` does it once and writes `proofs.json`
beside the solution. `make verify` refuses that record when a file it depends on has changed, and grades a sample of it
again: a small one where nothing at all changed that decides a grade.
"""

from __future__ import annotations

import hashlib
import platform
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.metadata import version

from pydantic import BaseModel, ConfigDict, ValidationError

from grader.authoring.mutant import FOLDER, read_mutants
from grader.course.assignment import Assignment, read_text
from grader.course.points import Points
from grader.errors import CourseError
from grader.judge.calibration import code_digest
from grader.judge.calibration import depends as right_solutions
from grader.judge.specimen import Specimen
from grader.proof.equivalent import Equivalent
from grader.proof.generic import GenericMutant
from grader.proof.recognition import Recognition
from grader.proof.survivors import Outcome
from grader.proof.verify import Proof

NAME = "proofs.json"
MANY, FEW = (30, 12), (10, 4)  # generic mutants and mistakes in other styles that are drawn
CURRENT = "the kept proofs are of the files of today"
AGAIN = "what is drawn from the kept proofs comes out again"
Strict = ConfigDict(frozen=True, extra="forbid")


class Fared(BaseModel):
    """What became of one generic mutant. `elsewhere` are points lost in problems that the change is not of; None in a
    record of before these were counted."""

    model_config = Strict
    killed_by: tuple[str, ...]
    timed_out: bool
    elsewhere: Points | None = None


class Record(BaseModel):
    """The whole file. `named` has, for each restyled mistake and each pair, what the diagnosis named in it."""

    model_config = Strict
    schema_version: int = 1
    note: str = "Written by `make prove`; `make verify` grades a sample of it again."
    made_with: dict[str, str]
    depends: dict[str, str]
    generic: dict[str, Fared]
    named: dict[str, tuple[tuple[str, ...], ...]]

    def outcomes(self, mutants: Sequence[GenericMutant], entries: Sequence[Equivalent]) -> list[Outcome]:
        """The outcomes of mutants as they were kept; one that is not in the record is left out."""
        return [
            Outcome(
                mutant,
                self.generic[place(mutant)].killed_by,
                self.generic[place(mutant)].timed_out,
                None,
                next((entry.reason for entry in entries if entry.explains(mutant)), ""),
                "",
                self.generic[place(mutant)].elsewhere,
            )
            for mutant in mutants
            if place(mutant) in self.generic
        ]

    def recognitions(self, known: Iterable[Specimen]) -> list[Recognition]:
        """What was named in each of these specimens, as it was kept."""
        return [
            Recognition(each, tuple(frozenset(names) for names in self.named[key(each)]))
            for each in known
            if key(each) in self.named
        ]


def key(specimen: Specimen) -> str:
    """A restyled mistake has the name of its mutant, so the kind is part of the key."""
    return f"{specimen.kind}:{specimen.name}"


def place(mutant: GenericMutant) -> str:
    """Names a generic mutant, whatever its line is."""
    return f"{mutant.number}: {mutant.where}, {mutant.operator}"


def record_of(assignment: Assignment, fared: Sequence[Outcome], seen: Sequence[Recognition]) -> Record:
    """What the slow proofs found, to be kept."""
    return Record(
        made_with={
            **{library: version(library) for library in ("torch", "numpy", "cosmic-ray")},
            "python": platform.python_version(),
        },
        depends=depends(assignment),
        generic={place(each.mutant): fared_of(each) for each in fared},
        named={key(each.specimen): tuple(tuple(sorted(names)) for names in each.named) for each in seen},
    )


def fared_of(outcome: Outcome) -> Fared:
    """What is kept of an outcome."""
    return Fared(killed_by=outcome.killed_by, timed_out=outcome.timed_out, elsewhere=outcome.elsewhere)


def kept(assignment: Assignment) -> Record | None:
    """The record; None for a homework that keeps none. Raises `CourseError` for a file that is none of ours."""
    path = assignment.solution / NAME
    if not path.is_file():
        return None
    try:
        return Record.model_validate_json(read_text(path))
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"])) or "the file"
        raise CourseError(f"{path}: {place}: {first['msg']}. Run: make prove HW={assignment.short}") from None


def prove_kept(assignment: Assignment, record: Record, mutants: Sequence[GenericMutant]) -> Proof:
    """The record is of the files and of the mutants of today."""
    now = depends(assignment)
    old = sorted(name for name in {*now, *record.depends} if now.get(name) != record.depends.get(name))
    if not old and {place(mutant) for mutant in mutants} != set(record.generic):
        old = ["the set of generic mutants"]
    why = f"{', '.join(old)} changed since. Run: make prove HW={assignment.short}" if old else ""
    return Proof(CURRENT, NAME, not old, why)


def depends(assignment: Assignment) -> dict[str, str]:
    """File -> digest of what the slow proofs depend on; of Python files the code counts, of a mutant what it changes.

    equivalent.toml is not among them: what it explains is looked up each time.
    """
    mutants = read_mutants(assignment.solution)
    restyled = (assignment.solution / "restyled").glob("*.py")
    pairs = [path for path in [assignment.solution / "pairs.toml"] if path.is_file()]
    public = assignment.folder.glob("checks/*.py")
    return {
        **right_solutions(assignment),
        **{f"{FOLDER}/{mutant.path.name}": mutant.digest() for mutant in mutants},
        **{f"restyled/{path.name}": code_digest(read_text(path)) for path in sorted(restyled)},
        **{f"public {path.name}": code_digest(read_text(path)) for path in sorted(public)},
        **{path.name: hashlib.sha256(path.read_bytes()).hexdigest()[:16] for path in pairs},
    }


@dataclass(frozen=True)
class Lot:
    """What the sample is drawn with, and whether a small one will do, because nothing changed that decides a grade."""

    drawn_with: str
    few: bool = False

    def draw(
        self, mutants: Sequence[GenericMutant], restyled: Sequence[Specimen]
    ) -> tuple[list[GenericMutant], list[Specimen]]:
        """The sample that is graded again: the same for the same lot, so that a failure can be looked at."""
        drawing = random.Random(self.drawn_with)
        generic, styled = FEW if self.few else MANY
        return (
            drawing.sample(mutants, min(generic, len(mutants))),
            drawing.sample(restyled, min(styled, len(restyled))),
        )


def prove_again(record: Record, outcomes: Sequence[Outcome], recognised: Sequence[Recognition]) -> list[Proof]:
    """Whether the sample came out as the record says. By which check a mutant is killed may differ."""
    proofs = []
    for now in outcomes:
        before = bool(record.generic[place(now.mutant)].killed_by)
        words = {True: "killed", False: "not killed"}
        why = f"it was {words[before]}, now it is {words[bool(now.killed_by)]}"
        held = before == bool(now.killed_by) and not now.fault
        proofs.append(Proof(AGAIN, now.mutant.name, held, "" if held else now.fault or why))
    for this in recognised:
        (then,) = record.recognitions([this.specimen])
        held = this.recognised == then.recognised and not this.others
        why = f"{', '.join(sorted(then.recognised)) or 'nothing'} was recognised, now {this.named or 'nothing'}"
        proofs.append(Proof(AGAIN, key(this.specimen), held, "" if held else why))
    return proofs
