"""Whom a run grades: everybody whose result does not stand, or those that somebody asks for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches

from grader.batch.job import Job
from grader.errors import IntakeError
from grader.intake.names import listed
from grader.judge.result import Result
from grader.report.account import Standing

NEAREST = 3
CHOSEN = "because you asked for it"
NEVER = "never graded"


@dataclass(frozen=True)
class Choice:
    """What was asked for. Who is named, failed or was never judged is graded anew, whether or not anything changed."""

    force: bool = False
    only_failed: bool = False
    only_errors: bool = False
    students: tuple[str, ...] = ()

    @property
    def some(self) -> bool:
        """Whether others than those asked for are left as they are."""
        return self.only_failed or self.only_errors or bool(self.students)


@dataclass(frozen=True)
class Chosen:
    """The jobs of a run, what stands of the others, and who was left out though no result of theirs stands, and why."""

    jobs: tuple[Job, ...]
    standing: Standing
    left_out: Mapping[str, tuple[str, ...]]


def chosen(jobs: Sequence[Job], standing: Standing, results: Mapping[str, Result], choice: Choice) -> Chosen:
    """Whom to grade. `results` has the last result of everybody who has one. Raises `IntakeError` where nobody has a
    name that was asked for."""
    names = [job.name for job in jobs]
    for name in choice.students:
        if name not in names:
            near = get_close_matches(name, names, NEAREST, 0.4)
            told = f"Nearest: {', '.join(near)}." if near else f"There are {listed(names, NEAREST)}."
            raise IntakeError(f"--student {name}: nobody in the folder of submissions is called so. {told}")
    if not choice.some and not choice.force:
        return Chosen(tuple(job for job in jobs if job.name not in standing.kept), standing, {})
    asked = {name for name in names if _asked(name, results.get(name), choice)}
    again = {name: standing.again.get(name, (CHOSEN,)) for name in names if name in asked and name not in standing.new}
    undone = {**standing.again, **dict.fromkeys(standing.new, (NEVER,))}
    left_out = {name: why for name, why in undone.items() if name not in asked}
    kept = {name: result for name, result in standing.kept.items() if name not in asked}
    new = tuple(name for name in standing.new if name in asked)
    now = replace(standing, kept=kept, again=again, new=new)
    return Chosen(tuple(job for job in jobs if job.name in asked), now, left_out)


def _asked(name: str, result: Result | None, choice: Choice) -> bool:
    if choice.students and name not in choice.students:
        return False
    ours = result is None or result.verdict == "grader_error"
    if choice.only_errors and not ours:
        return False
    return not choice.only_failed or ours or (result is not None and result.points < result.max_points)
