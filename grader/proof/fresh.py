"""Right solutions on fresh seeds: how often the checks fail them, and what they reach where bounds were calibrated.

`verify` grades right solutions on a few seeds. This grades each of them on many, which takes long: every grading is
kept, and a run that was stopped goes on where it was. Where calibrated checks take most of the time, the reference can
stand in them for solutions that compute the same: as in a calibration, those that give its very numbers on some seeds.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict

from grader.batch.class_run import Job, grade
from grader.batch.journal import Journal
from grader.course.assignment import Assignment, read_text
from grader.errors import CourseError
from grader.judge.measuring import WithoutCalibrated
from grader.judge.result import Measurement, Result
from grader.judge.session import Judge
from grader.judge.specimen import Specimen
from grader.proof.kept import depends
from grader.proof.measure import seed_of, specimen_digest
from grader.proof.specimens import specimens
from grader.sandbox.forked import Sandbox

SEEDS = 200
PILOT = 10  # seeds on which a solution shows whether it gives the reference's very numbers


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
    """All gradings of one right solution. In `stood_for` of them the reference stood for it in calibrated checks."""

    specimen: str
    gradings: Sequence[Graded]
    stood_for: int = 0

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
    *,
    shared: bool = False,
) -> list[Right]:
    """Grades the reference and every alternative on the same `seeds` seeds, which no calibration and no course uses.

    `shared`: an alternative that gives the reference's very numbers in every calibrated check on the first `PILOT`
    seeds is graded without these checks on the others, and the reference's outcome there counts for it.

    `progress` is told how many gradings are still to come at this stage. Raises `CourseError` for a fault of ours: that
    says nothing of a solution, and is never kept.
    """
    right = [each for each in specimens(assignment) if each.kind in ("reference", "alternative")]
    gradings = _Gradings(assignment, lanes, progress, sandbox)
    numbers = [seed_of("fresh", i) for i in range(seeds)]
    if not shared:
        return [Right(name, graded) for name, graded in gradings(right, numbers).items()]
    first = gradings(right, numbers[:PILOT])
    reference, *alternatives = right
    alike = [each for each in alternatives if _metrics(first[each.name]) == _metrics(first[reference.name])]
    others = [each for each in right if each not in alike]
    rest = numbers[PILOT:]
    whole = gradings(others, rest)
    partly = gradings(alike, rest, WithoutCalibrated)
    found = {
        **{each.name: [*first[each.name], *whole[each.name]] for each in others},
        **{
            each.name: [*first[each.name], *map(_with_calibrated, partly[each.name], whole[reference.name])]
            for each in alike
        },
    }
    return [Right(each.name, found[each.name], len(rest) if each in alike else 0) for each in right]


def _metrics(gradings: Sequence[Graded]) -> list[tuple[tuple[str, Measurement], ...]]:
    return [each.metrics for each in gradings]


def _with_calibrated(exact: Graded, reference: Graded) -> Graded:
    """A grading without calibrated checks, with the outcome that the reference had in them on the same seed."""
    measured = {check for check, _ in reference.metrics}
    calibrated = {check: verdict for check, verdict in reference.failed.items() if check in measured}
    return exact.model_copy(update={"failed": {**exact.failed, **calibrated}})


class _Gradings:
    """Gradings of right solutions, each made once and kept beside the solution."""

    def __init__(
        self, assignment: Assignment, lanes: int | None, progress: Callable[[int], None], sandbox: Sandbox | None
    ) -> None:
        self._assignment, self._lanes, self._progress, self._sandbox = assignment, lanes, progress, sandbox
        self._journal = Journal(assignment.solution / ".cache" / "fresh" / f"{_identity(assignment)}.jsonl")

    def __call__(
        self, right: Sequence[Specimen], seeds: Sequence[int], judge: type[Judge] = Judge
    ) -> dict[str, list[Graded]]:
        """Of each solution, by its name, the gradings on all seeds. Raises `CourseError` for a fault of ours."""
        how = "" if judge is Judge else f" {judge.__name__}"
        digests = {each.name: specimen_digest(each) for each in right}
        keys = {f"{each.name}@{seed}": f"{digests[each.name]}@{seed}{how}" for each in right for seed in seeds}
        missing = [job for job in _jobs(right, seeds) if self._journal.get(keys[job.name]) is None]
        graded = (
            grade(missing, self._assignment, 0, sandbox=self._sandbox, lane_count=self._lanes, judge=judge)
            if missing
            else ()
        )
        for done, (job, result) in enumerate(graded, 1):
            if result.verdict == "grader_error":
                ours = next(check for check in result.checks if check.verdict == "grader_error")
                raise CourseError(f"{job.name}: {ours.id}: {ours.detail} What was graded is kept: run it again.")
            self._journal.note(keys[job.name], Graded.of(result).model_dump(mode="json"))
            self._progress(len(missing) - done)
        kept = {name: Graded.model_validate(self._journal.get(key)) for name, key in keys.items()}
        return {each.name: [kept[f"{each.name}@{seed}"] for seed in seeds] for each in right}


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
