"""Right solutions on fresh seeds: how often the checks fail them, and what they reach where bounds were calibrated.

`verify` grades right solutions on a few seeds. This grades each of them on many, which takes long: every grading is
kept, and a run that was stopped goes on where it was.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict

from grader.batch.class_run import Job, grade
from grader.course.assignment import Assignment, read_text
from grader.errors import CourseError
from grader.judge.result import Measurement, Result
from grader.proof.journal import Journal
from grader.proof.kept import depends
from grader.proof.measure import seed_of, specimen_digest
from grader.proof.specimens import Specimen, specimens
from grader.sandbox.forked import Sandbox

SEEDS = 200


class Graded(BaseModel):
    """One grading: the checks that did not pass, and what was measured in those that are calibrated."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    failed: dict[str, str]  # check -> verdict
    metrics: tuple[tuple[str, Measurement], ...]  # by check
    cpu_s: float

    @classmethod
    def of(cls, result: Result) -> Graded:
        return cls(
            failed={check.id: check.verdict for check in result.checks if check.verdict != "passed"},
            metrics=tuple((check.id, each) for check in result.checks for each in check.metrics),
            cpu_s=round(result.cpu_seconds, 3),
        )


@dataclass(frozen=True)
class Right:
    """All gradings of one right solution."""

    specimen: str
    gradings: Sequence[Graded]

    @property
    def failed(self) -> int:
        """In how many of them some check did not pass."""
        return sum(bool(each.failed) for each in self.gradings)


def right_on_fresh_seeds(
    assignment: Assignment,
    seeds: int = SEEDS,
    lanes: int | None = None,
    progress: Callable[[int], None] = lambda left: None,
    sandbox: Sandbox | None = None,
) -> list[Right]:
    """Grades the reference and every alternative on the same `seeds` seeds, which no calibration and no course uses.

    `progress` is told how many gradings are still to come. Raises `CourseError` for a fault of ours: that says nothing
    of a solution, and is never kept.
    """
    right = [each for each in specimens(assignment) if each.kind in ("reference", "alternative")]
    journal = Journal(assignment.solution / ".cache" / "fresh" / f"{_identity(assignment)}.jsonl")
    numbers = [seed_of("fresh", i) for i in range(seeds)]
    digests = {each.name: specimen_digest(each) for each in right}
    keys = {f"{each.name}@{seed}": f"{digests[each.name]}@{seed}" for each in right for seed in numbers}
    missing = [job for job in _jobs(right, numbers) if journal.get(keys[job.name]) is None]
    graded = grade(missing, assignment, 0, sandbox=sandbox, lane_count=lanes) if missing else ()
    for done, (job, result) in enumerate(graded, 1):
        if result.verdict == "grader_error":
            ours = next(check for check in result.checks if check.verdict == "grader_error")
            raise CourseError(f"{job.name}: {ours.id}: {ours.detail} What was graded so far is kept: run it again.")
        journal.note(keys[job.name], Graded.of(result).model_dump(mode="json"))
        progress(len(missing) - done)
    kept = {name: Graded.model_validate(journal.get(key)) for name, key in keys.items()}
    return [Right(each.name, [kept[f"{each.name}@{seed}"] for seed in numbers]) for each in right]


def _jobs(right: Sequence[Specimen], seeds: Sequence[int]) -> list[Job]:
    """All solutions on one seed after the other: what the reference answers there is computed once for all of them."""
    return [Job(f"{each.name}@{seed}", modules=each.modules, seed=seed) for seed in seeds for each in right]


def _identity(assignment: Assignment) -> str:
    """What a kept grading depends on, the solution itself left out: it is part of each key."""
    own = ("mutants/", "restyled/", "alternatives/", "pairs.toml")
    texts = {name: digest for name, digest in depends(assignment).items() if not name.startswith(own)}
    calibration = assignment.solution / "calibration.json"
    bounds = read_text(calibration) if calibration.is_file() else ""
    return hashlib.sha256(json.dumps([texts, bounds], sort_keys=True).encode()).hexdigest()[:24]
