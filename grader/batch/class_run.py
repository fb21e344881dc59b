"""Grading many submissions on one machine: a lane per core, work handed out as lanes become free."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Sequence
from contextlib import nullcontext

from grader import atomic
from grader.batch.crew import Crew
from grader.batch.job import Job
from grader.batch.known import KnownMistakes, Mistake
from grader.course.assignment import Assignment
from grader.errors import SandboxError
from grader.judge import engine
from grader.judge.result import Result
from grader.judge.session import Judge
from grader.sandbox.forked import Sandbox
from grader.sandbox.limits import limits_of
from grader.sandbox.models import preload_of

__all__ = ["Job", "grade"]

WEAK = (
    "This machine cannot confine submissions well enough to grade for marks: that takes seccomp and one of Landlock, "
    "a mount namespace or a user of its own per worker. Active here: {layers}. Run `python -m grader doctor` to see "
    "why a layer is missing, or type --allow-weak to grade all the same; every result will say so."
)
UNFINISHED_S = 3600.0  # so old is a file that another run cannot be writing any more


def grade(
    jobs: Sequence[Job],
    assignment: Assignment,
    grading_seed: int,
    *,
    sandbox: Sandbox | None = None,
    confinement: str = "best",
    allow_weak: bool = False,
    lane_count: int | None = None,
    only: frozenset[str] = frozenset(),
    judge: type[Judge] = Judge,
    mistakes: Sequence[Mistake] = (),
    started: Callable[[Job], None] = lambda job: None,
    warn: Callable[[str], None] = lambda text: None,
) -> Generator[tuple[Job, Result], None, None]:
    """Judges every job and yields each with its result as it comes, in no fixed order.

    `sandbox` may serve many gradings, one after the other, and its confinement and lanes are then what there is;
    without one, a sandbox of its own is started and ended. One that has other models preloaded is started again. Failed
    checks are compared with those of `mistakes`, which are judged first if that was not done before; `warn` hears of
    one that meets a mistake of ours.

    What is interrupted because a lane or the fork server was killed is judged again, and gets a result of
    `grader_error`s when that happens twice. Raises `SandboxError` when the confinement is too weak and that was not
    allowed, when the sandbox cannot be started again, or when a known mistake cannot be judged undisturbed;
    `CourseError` when the checks themselves are broken, and `WeightsError` before anything when weights are missing.
    """
    limits_of(assignment)
    preload = preload_of(assignment)
    wanted = max(1, min(lane_count or len(os.sched_getaffinity(0)), len(jobs)))
    with nullcontext(sandbox) if sandbox else Sandbox(wanted, confinement, preload) as running:
        running.serve(preload)
        if not running.strong and not allow_weak:
            raise SandboxError(WEAK.format(layers=", ".join(running.layers) or "none"))
        environment = engine.environment(grading_seed, running.confinement, weak_allowed=not running.strong)
        count = min(wanted, running.lane_count)
        try:
            with Crew(running, assignment, environment, only, count, judge) as crew:
                crew.wrongs = _learned(crew, KnownMistakes(assignment, mistakes, grading_seed, only), started, warn)
                for job, result in crew.work(jobs, started):
                    remarks = (*job.remarks, *result.remarks)
                    yield job, result.model_copy(update={"remarks": remarks}) if job.remarks else result
        finally:
            if sandbox:  # somebody else's, who may use it for a long time
                for index in range(count):
                    running.lane(index).clear()


def _learned(
    crew: Crew, known: KnownMistakes, started: Callable[[Job], None], warn: Callable[[str], None]
) -> list[tuple[Mistake, bytes]]:
    """What the known mistakes look like: as it was kept, or judged now."""
    missing = known.missing()
    if missing:
        atomic.sweep(known.folder, UNFINISHED_S)
    witnesses = [Job(it.name, modules=it.modules, witness=True, mistake=it.problem) for it in missing]
    for job, result in crew.work(witnesses, started):
        trouble, frame = crew.findings.get(job.name, ("disturbed", b""))
        errors = [check for check in result.checks if check.verdict == "grader_error"]
        why = f"{errors[0].id}: {errors[0].detail.strip().splitlines()[-1]}" if errors and errors[0].detail else ""
        if trouble == "disturbed":
            raise SandboxError(
                f"Judging the known mistake {job.name} was disturbed again and again ({why}). Without it, others "
                "could lose points for what builds on it, so nobody is graded. See what ends processes on this machine "
                "(dmesg says when memory ran out), then grade again: what was learned is kept."
            )
        if trouble == "ours":
            warn(
                f"The known mistake {job.name} could not be judged ({why}). Students who make it may miss its "
                "diagnosis, and points for what builds on it: mend the check, and grade again."
            )
        known.learn(job.name, frame, whole=trouble == "")
    return known.wrongs()
