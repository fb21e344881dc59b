"""The reference's answers to the public checks, as they ship to students."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from grader.atomic import write_atomically
from grader.commands.public_checks import run_public_checks
from grader.course.assignment import Assignment
from grader.errors import CourseError
from grader.intake import Submission
from grader.judge import engine
from grader.judge.answers import RECORDED, Recorder
from grader.sandbox.models import preload_of
from grader.sandbox.replies import Host, Reply


def record_answers(assignment: Assignment) -> Path:
    """Writes the reference's answers to the public checks to `answers.json`. Raises `CourseError` if one fails."""
    path = assignment.folder / RECORDED
    write_atomically(path, recorded(assignment).text().encode())
    return path


def recorded(assignment: Assignment) -> Recorder:
    """What belongs into `answers.json`. Raises `CourseError` if the reference fails a public check.

    Where weights are missing it raises `WeightsError`: what a machine without them recorded would be a part.
    """
    preload_of(assignment)
    reference = assignment.sources(assignment.solution)
    start = engine.inline(assignment)
    recorder = Recorder(engine.answers_of(assignment, start), assignment.probes)
    submission = Submission.accepted("reference", assignment.solution, reference, ())

    def noting(modules: Mapping[str, str]) -> Host:
        return _Noting(start(modules), recorder)

    result, _ = run_public_checks(assignment, submission, noting, recorder, confinement="none: our own reference")
    if bad := [check for check in result.checks if check.verdict != "passed"]:
        why = "; ".join(f"{check.id}: {check.summary} {check.detail}" for check in bad)
        raise CourseError(f"The reference does not pass the public checks of {assignment.name}: {why}")
    return recorder


class _Noting:
    """A host that has every question noted, also where the check itself knows the answer.

    Without that, a student's exception could not be told from one of ours: the reference's answer would not be known.
    """

    layers: tuple[str, ...] = ()
    disturbed = 0

    def __init__(self, host: Host, recorder: Recorder) -> None:
        self._host, self._recorder = host, recorder
        self.limits = host.limits

    def load(self) -> Reply:
        return self._host.load()

    def call(
        self,
        probe: str,
        arguments: Mapping[str, Any],
        seed: int,
        *,
        cpu_s: float | None = None,
        wall_s: float | None = None,
    ) -> Reply:
        self._recorder.reply(probe, arguments, seed)
        return self._host.call(probe, arguments, seed, cpu_s=cpu_s, wall_s=wall_s)

    def renew(self) -> None:
        self._host.renew()

    def close(self) -> None:
        self._host.close()
