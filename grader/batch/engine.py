"""What judges the submissions of a run. An engine is two small things: it makes a crew, and a crew does jobs.

    with engine.crew(setting, len(jobs)) as crew:
        for job, result in crew.work(jobs, started):
            ...

`local.py` is the engine of one machine, `grader/cluster/remote.py` that of a cluster.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from grader.batch.job import Job
from grader.course.assignment import Assignment
from grader.course.secret import Secret
from grader.judge.evidence import Trouble
from grader.judge.result import Result
from grader.judge.session import Judge
from grader.judge.specimen import Specimen


@dataclass(frozen=True)
class Setting:
    """With what a run is judged, the same for every job of it.

    Once `stop` says so, what is being judged is finished, and nothing else is begun. `tick` is called about twice a
    second while something is being judged. `notice` hears what is odd and costs nobody anything.
    """

    assignment: Assignment
    secret: Secret
    confinement: str = "best"
    allow_weak: bool = False
    lane_count: int | None = None
    only: frozenset[str] = frozenset()
    judge: type[Judge] = Judge
    stop: Callable[[], bool] = lambda: False
    tick: Callable[[], None] = lambda: None
    notice: Callable[[str], None] = lambda text: None


class Team(Protocol):
    """Those who judge in one run.

    `findings` has those of each witness, and of each submission with something to explain, with what troubled them.
    `wrongs` are the known mistakes and what was seen of them: whoever sets them does so before the jobs that need them.
    """

    findings: dict[str, tuple[Trouble, bytes]]
    wrongs: Sequence[tuple[Specimen, bytes]]
    stop: Callable[[], bool]

    def work(self, jobs: Sequence[Job], started: Callable[[Job], None]) -> Iterator[tuple[Job, Result]]:
        """Judges the jobs, in about their order, and yields each with its result.

        What is interrupted is judged again; who is interrupted twice gets a result of `grader_error`s. Raises
        `SandboxError` when nobody is left to judge, and `CourseError` when the checks themselves are broken.
        """


class Engine(Protocol):
    """Where a run is judged."""

    def width(self, jobs: int, lane_count: int | None) -> int:
        """How many submissions are judged at a time."""

    def crew(self, setting: Setting, jobs: int) -> AbstractContextManager[Team]:
        """Those who judge `jobs` submissions. Raises `SandboxError` where they cannot be confined well enough."""
