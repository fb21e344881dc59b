"""Grading many submissions: points first, then what their failed checks look like. An engine does the judging."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence

from grader.batch.engine import Engine, Setting
from grader.batch.explaining import Explaining
from grader.batch.job import Job
from grader.batch.known import KnownMistakes
from grader.batch.local import Local, lanes_for
from grader.course.assignment import Assignment
from grader.course.secret import Secret
from grader.judge.explaining import unexplained
from grader.judge.result import Result
from grader.judge.session import Judge
from grader.judge.specimen import Specimen
from grader.sandbox.forked import Sandbox

__all__ = ["Begun", "Job", "grade", "lanes_for"]

Begun = tuple[Job, Result, bytes]  # a job, its result, and what its failed checks saw


def grade(
    jobs: Sequence[Job],
    assignment: Assignment,
    grading_seed: Secret,
    *,
    sandbox: Sandbox | None = None,
    engine: Engine | None = None,
    confinement: str = "best",
    allow_weak: bool = False,
    lane_count: int | None = None,
    only: frozenset[str] = frozenset(),
    judge: type[Judge] = Judge,
    mistakes: Sequence[Specimen] = (),
    started: Callable[[Job], None] = lambda job: None,
    begun: Sequence[Job] = (),
    from_aside: Callable[[Job], Begun | None] = lambda job: None,
    early: Callable[[Job, Result], None] = lambda job, result: None,
    aside: Callable[[Begun], None] = lambda begun: None,
    warn: Callable[[str], None] = lambda text: None,
    unsure: Callable[[Job], None] = lambda job: None,
    stop: Callable[[], bool] = lambda: False,
    tick: Callable[[], None] = lambda: None,
    notice: Callable[[str], None] = lambda text: None,
) -> Generator[tuple[Job, Result], None, None]:
    """Judges every job and yields each with its result as it comes, in no fixed order.

    Everybody is graded first. Then those of the known `mistakes` that are of a problem in which somebody failed are put
    to its checks, if that was not done before; failed checks are put once more, on a further draw of their inputs; and
    results are explained by what holds on both. `early` is told of such a result as soon as its points are there, and
    it is yielded when it is explained. `warn` hears of a mistake that could not be judged, and `unsure`, just before
    its result is yielded, of a submission whose explanation was disturbed. Without `mistakes` nothing is put again, and
    what is said of a wrong answer rests on one draw.

    `aside` hears of a submission, just before `early`, what it takes to explain it in a later run. There it is one of
    those `begun`, for which `from_aside` gives that back: they are not judged again.

    Once `stop` says so, what is being judged is finished, and nothing else is begun. `tick` is called about twice a
    second while something is being judged. `notice` hears what is odd and changes no result.

    `sandbox` may serve many gradings, one after the other, and its confinement and lanes are then what there is;
    without one, a sandbox of its own is started and ended. One that has other models preloaded is started again. With
    an `engine`, that judges in place of this machine.

    What is interrupted because a lane or the fork server was killed is judged again, and gets a result of
    `grader_error`s when that happens twice. Raises `SandboxError` when the confinement is too weak and that was not
    allowed, or when the sandbox cannot be started again; `CourseError` when the checks themselves are broken, and
    `WeightsError` before anything when weights are missing.
    """
    setting = Setting(assignment, grading_seed, confinement, allow_weak, lane_count, only, judge, stop, tick, notice)
    with (engine or Local(sandbox)).crew(setting, len(jobs) + len(begun)) as crew, Explaining(crew) as later:
        for job in begun:
            if found := from_aside(job):
                later.resume(*found)
        for job, result in crew.work(jobs, started):
            if job.remarks:
                result = result.model_copy(update={"remarks": (*job.remarks, *result.remarks)})
            if not mistakes:
                yield job, result
            elif later.take(job, result):
                aside((job, result, later.frame(job.name)))
                early(job, unexplained(result))
            else:
                if job.name in later.left_out:
                    unsure(job)
                yield job, unexplained(result)
        about = [mistake for mistake in mistakes if mistake.problem in later.problems]
        yield from later.explained(KnownMistakes(assignment, about, grading_seed, only), started, warn, unsure)
