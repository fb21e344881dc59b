"""The limits of submissions in a small container: computing time decides there too, and the clock has to be patient."""

from __future__ import annotations

from grader.course.assignment import Assignment
from grader.gradescope.settings import Settings
from grader.sandbox.limits import limits_of

SHARE_OF_TIME = 0.8  # of all that the container can compute, what the checks of a submission may take together
RESERVE_S = 30.0  # at the end of the platform's time: to stop what runs, and to write what is known
GRADER_MB = 400  # what everything but a worker has in memory: see docs/gradescope.md for how it was measured
LEAST_WORKER_MB = 128


def seconds(settings: Settings) -> float:
    """After how long nothing more is put to a submission, so that the platform never has to end us."""
    whole = 60 * settings.minutes
    return max(whole - RESERVE_S, whole / 2)


def limited(assignment: Assignment, settings: Settings) -> Assignment:
    """The homework with limits for the container: never more than its own, but for the clock.

    With half a processor the same computing takes twice as long by the clock, so limits by the clock grow. A problem's
    computing time is what the platform's time has for it, so that loops that never end in every problem are all told.
    """
    own, share = limits_of(assignment), min(1.0, settings.cpus)
    problems = max(1, sum(problem.kind == "code" for problem in assignment.problems))
    each = SHARE_OF_TIME * 60 * settings.minutes * share / problems
    memory = max(LEAST_WORKER_MB, settings.memory_mb - GRADER_MB)
    limits = {
        **assignment.limits,
        "call_wall_s": own.call_wall_s / share,
        "import_wall_s": own.import_wall_s / share,
        "problem_cpu_s": min(own.problem_cpu_s, max(each, own.call_cpu_s)),
        "memory_mb": float(min(own.memory_mb, memory)),
    }
    return assignment.model_copy(update={"limits": limits})
