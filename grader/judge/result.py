"""The result of grading one submission: complete enough to render any report from it.

`SCHEMA` changes when a reader of older files would misread a newer one. docs/result.md describes each field.
"""

from __future__ import annotations

import math
from fractions import Fraction
from pathlib import PurePath
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict

from grader.course.points import Points
from grader.course.secret import fingerprint
from grader.judge.problem import Shown, Visibility
from grader.judge.verdict import MEANING, Verdict

SCHEMA: Literal[1] = 1
Better = Literal["more", "less"]
Within = Literal["any number", "0 or more", "0 to 1"]


class Diagnosis(BaseModel):
    """What a wrong answer looks like. `mutant` names the known wrong solution that gives the same one, or is empty."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    mutant: str
    says: str
    hint: str
    shown: Shown


class Measurement(BaseModel):
    """A metric that a check judged by a calibrated bound. `value` is None where it was no finite number, `bound` while
    it is being calibrated, and `baseline` (what a trivial solution reaches) where the check names none."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    metric: str
    value: float | None
    bound: float | None
    better: Better
    within: Within
    baseline: float | None = None


class Attempt(BaseModel):
    """One attempt at a check that was put several times, each time with fresh inputs."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    verdict: Verdict
    came: str = ""
    metrics: tuple[Measurement, ...] = ()


class CheckResult(BaseModel):
    """One check. `summary` and `hint` may always be shown to the student; the rest only where `visibility` allows.

    `given` names the problems ("2" or "1, 2") in whose place the reference's part stood when this was judged. `file`
    names the file that cannot be imported or read, or is not there, where that is why the check did not pass: then
    `summary` and `hint` are of that file, and the same in every such check.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    id: str
    problem: str
    asked: str
    visibility: Visibility
    verdict: Verdict
    points: Points
    max_points: Points
    summary: str = ""
    hint: str = ""
    came: str = ""
    expected: str = ""
    detail: str = ""
    output: str = ""
    diagnosis: Diagnosis | None = None
    metrics: tuple[Measurement, ...] = ()
    attempts: tuple[Attempt, ...] = ()
    given: str = ""
    file: str = ""
    cpu_seconds: float = 0.0
    wall_seconds: float = 0.0

    def for_student(self, *, after_due: bool) -> CheckResult:
        """The same check without what its visibility keeps from the student."""
        times = {"cpu_seconds": coarse(self.cpu_seconds), "wall_seconds": coarse(self.wall_seconds)}
        if self.diagnosis is not None and not (
            self.diagnosis.shown == "always" or (self.diagnosis.shown == "after_due" and after_due)
        ):
            return self.model_copy(update={"diagnosis": None}).for_student(after_due=after_due)
        attempts = tuple(Attempt(verdict=attempt.verdict) for attempt in self.attempts)
        kept = {"came": "", "expected": "", "detail": "", "output": "", "metrics": (), "attempts": attempts}
        # Where the reference's part stood, the answer may hold what could be read there.
        open_to_all = not self.given and (self.visibility == "public" or (self.visibility == "after_due" and after_due))
        if open_to_all and self.verdict != "grader_error":
            return self
        return self.model_copy(update={**times, **kept})


def coarse(seconds: float) -> float:
    """0, or the power of two above: how long code takes is its own choice, and could spell out hidden inputs."""
    return 0.0 if seconds <= 0.5 else float(2 ** math.ceil(math.log2(seconds)))


class ProblemResult(BaseModel):
    """One problem. `points` is None for what is graded by hand."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    id: str
    title: str
    kind: str
    points: Points | None
    max_points: Points


def _fingerprint_of_old(seed: object) -> object:
    """Results of before held the seed itself, a whole number."""
    return fingerprint(seed) if type(seed) is int else seed


class Environment(BaseModel):
    """What the submission was graded with. `untried` are the versions that nobody has tried this grader with.

    `grading_seed` is a fingerprint, because results travel.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    grader: str
    python: str
    torch: str
    numpy: str
    platform: str
    grading_seed: Annotated[str | None, BeforeValidator(_fingerprint_of_old)]
    confinement: str
    layers: tuple[str, ...]
    weak_confinement_allowed: bool = False
    untried: tuple[str, ...] = ()


class Result(BaseModel):
    """One graded submission. `remarks` are for who grades, and may speak of other students."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    schema_version: Literal[1] = SCHEMA
    assignment: str
    submission: str
    source: str
    fingerprint: str
    points: Points
    max_points: Points
    problem: str = ""
    notes: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    problems: tuple[ProblemResult, ...]
    checks: tuple[CheckResult, ...]
    environment: Environment
    graded_at: str
    cpu_seconds: float
    wall_seconds: float

    @property
    def refusal(self) -> str:
        """Why the submission could not be read; the format calls it `problem`."""
        return self.problem

    @property
    def verdict(self) -> Verdict:
        """The submission in one word: `grader_error` if any check is, `passed` if all are, else what all others are."""
        verdicts = [check.verdict for check in self.checks]
        if "grader_error" in verdicts or not verdicts:
            return "grader_error"
        if all(verdict == "passed" for verdict in verdicts):
            return "passed"
        kinds = {verdict for verdict in verdicts if MEANING[verdict].asked}
        return kinds.pop() if len(kinds) == 1 and "passed" not in kinds else "failed"

    def for_student(self, *, after_due: bool = False) -> Result:
        """What may be given to the student: no hidden details, no seed of hidden inputs, no folders of ours."""
        return self.model_copy(
            update={
                "checks": tuple(check.for_student(after_due=after_due) for check in self.checks),
                "environment": self.environment.model_copy(update={"grading_seed": None}),
                "cpu_seconds": coarse(self.cpu_seconds),
                "wall_seconds": coarse(self.wall_seconds),
                "source": PurePath(self.source).name,
                "remarks": (),
            }
        )


def total(checks: tuple[CheckResult, ...], problem: str | None = None) -> Fraction:
    """Points of all checks, or of one problem's."""
    return sum((check.points for check in checks if problem in (None, check.problem)), Fraction(0))
