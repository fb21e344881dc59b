"""Runs of calibrated checks on known solutions, over many seeds."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from grader.batch.class_run import Job, grade
from grader.batch.journal import Journal
from grader.course.assignment import Assignment
from grader.errors import CourseError
from grader.judge.calibrated import stored
from grader.judge.calibration import code_digest, depends
from grader.judge.measuring import Measuring
from grader.judge.result import CheckResult, Measurement, Result
from grader.judge.specimen import Specimen
from grader.sandbox.forked import Sandbox
from grader.sandbox.processor import processor


@dataclass(frozen=True)
class Run:
    """One specimen on one seed."""

    specimen: Specimen
    seed: int

    @property
    def name(self) -> str:
        return f"{self.specimen.kind}:{self.specimen.name}@{self.seed}"

    def job(self) -> Job:
        return Job(self.name, modules=self.specimen.modules, seed=self.seed)


@dataclass(frozen=True)
class Seen:
    """What one check came to in one run: its metrics, or how it ended before it had them all."""

    metrics: tuple[Measurement, ...]
    ended: str = ""

    @classmethod
    def of(cls, result: CheckResult) -> Seen:
        if result.verdict == "passed" and result.metrics:
            return cls(tuple(m.model_copy(update={"value": stored(m.value)}) for m in result.metrics))
        if result.verdict == "grader_error":
            raise CourseError(f"{result.id}: {result.detail}")
        return cls((), f"{result.verdict}: {result.summary}")

    def entry(self) -> dict[str, Any]:
        """As JSON."""
        return {"metrics": [each.model_dump() for each in self.metrics], "ended": self.ended}

    @classmethod
    def from_entry(cls, entry: Mapping[str, Any]) -> Seen:
        return cls(tuple(Measurement.model_validate(each) for each in entry["metrics"]), entry["ended"])


Samples = Mapping[str, Mapping[str, Sequence[Seen]]]  # check -> specimen -> runs


def seed_of(name: str, number: int) -> int:
    """A seed of a specimen's own, the same each time, so that the others' stay when one comes or goes."""
    return int.from_bytes(hashlib.sha256(f"calibrate:{name}:{number}".encode()).digest()[:4], "little")


def specimen_digest(specimen: Specimen) -> str:
    """Names what a known solution does, by the code of its modules."""
    texts = "".join(f"{name} {code_digest(text)}\n" for name, text in sorted(specimen.modules.items()))
    return hashlib.sha256(texts.encode()).hexdigest()[:16]


class Measurements:
    """Makes runs through the ordinary batch, and none a second time: what was seen is kept beside the solution.

    A kept run is tied to the code of the specimen, of the checks in `files` and of all that they use, and to the
    processor.
    """

    def __init__(
        self,
        assignment: Assignment,
        files: Iterable[str],
        lanes: int | None,
        progress: Callable[[str, int], None],
        sandbox: Sandbox | None = None,
    ) -> None:
        self._assignment, self._lanes, self._progress, self._sandbox = assignment, lanes, progress, sandbox
        checks = {*files, "checks/conftest.py"}
        setting = {
            name: digest
            for name, digest in depends(assignment).items()
            if name in checks or not name.startswith(("checks/", "alternatives/", *assignment.modules))
        }
        setting["processor"] = " ".join(processor())  # `like_the_reference` compares to the last of six digits
        identity = hashlib.sha256(json.dumps(setting, sort_keys=True).encode()).hexdigest()[:24]
        self._journal = Journal(assignment.solution / ".cache" / "calibration" / f"{identity}.jsonl")

    def __call__(self, runs: Sequence[Run]) -> Samples:
        """Every run; specimens and seeds are in the order of `runs`. Raises `CourseError` for a fault of ours."""
        digests = {run.specimen.name: specimen_digest(run.specimen) for run in runs}
        key_of = {run.name: f"{digests[run.specimen.name]}@{run.seed}" for run in runs}
        by_name = {run.name: run for run in runs}
        missing = [run.job() for run in runs if self._journal.get(key_of[run.name]) is None]
        left = len(missing)
        for job, result in self._graded(missing):
            left -= 1
            self._progress(by_name[job.name].specimen.name, left)
            self._journal.note(key_of[job.name], {check.id: Seen.of(check).entry() for check in result.checks})
        found: dict[str, dict[str, list[Seen]]] = {}
        for run in runs:
            for check, entry in self._journal.get(key_of[run.name]).items():
                found.setdefault(check, {}).setdefault(run.specimen.name, []).append(Seen.from_entry(entry))
        return found

    def _graded(self, jobs: Sequence[Job]) -> Iterable[tuple[Job, Result]]:
        if not jobs:
            return ()
        return grade(jobs, self._assignment, 0, sandbox=self._sandbox, lane_count=self._lanes, judge=Measuring)
