"""Grading many submissions on one machine: a lane per core, work handed out as lanes become free."""

from __future__ import annotations

import base64
import contextlib
import json
import multiprocessing
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess

from grader.batch import lane as lanes
from grader.batch.known import KnownMistakes, Mistake
from grader.course.assignment import Assignment
from grader.errors import CourseError, SandboxError
from grader.intake import Entry
from grader.judge import engine
from grader.judge.result import Environment, Result
from grader.judge.session import Judge
from grader.sandbox.forked import Sandbox
from grader.sandbox.limits import limits_of
from grader.text import clean_line

WEAK = (
    "This machine cannot confine submissions well enough to grade for marks: that takes seccomp and one of Landlock, "
    "a mount namespace or a user of its own per worker. Active here: {layers}. Run `python -m grader doctor` to see "
    "why a layer is missing, or type --allow-weak to grade all the same; every result will say so."
)


@dataclass(frozen=True)
class Job:
    """One submission to judge: an entry of a class folder, or source text. Without `seed`, the environment's counts.

    A `witness` is a known wrong solution: what the checks saw of it is told too. `mistake` is its problem.
    """

    name: str
    path: str = ""
    problem: str | None = None
    alone: bool = False
    modules: Mapping[str, str] | None = None
    seed: int | None = None
    witness: bool = False
    mistake: str = ""

    @classmethod
    def of(cls, entry: Entry) -> Job:
        return cls(entry.name, str(entry.path), entry.problem, entry.alone)

    def message(self) -> bytes:
        """The job as a lane reads it."""
        return json.dumps({**asdict(self), "modules": None if self.modules is None else dict(self.modules)}).encode()


def grade(
    jobs: Sequence[Job],
    assignment: Assignment,
    grading_seed: int,
    *,
    confinement: str = "best",
    allow_weak: bool = False,
    lane_count: int | None = None,
    only: frozenset[str] = frozenset(),
    judge: type[Judge] = Judge,
    mistakes: Sequence[Mistake] = (),
    started: Callable[[Job], None] = lambda job: None,
) -> Iterator[tuple[Job, Result]]:
    """Judges every job and yields each with its result as it comes, in no fixed order.

    Failed checks are compared with those of `mistakes`, which are judged first if that was not done before.

    A job whose lane dies gets a result of `grader_error`s, and a new lane takes the next. Raises `SandboxError` when
    the confinement is too weak and that was not allowed, `CourseError` when the checks themselves are broken.
    """
    limits_of(assignment)
    count = max(1, min(lane_count or len(os.sched_getaffinity(0)), len(jobs)))
    with Sandbox(lanes=count, confinement=confinement) as sandbox:
        if not sandbox.strong and not allow_weak:
            raise SandboxError(WEAK.format(layers=", ".join(sandbox.layers) or "none"))
        environment = engine.environment(grading_seed, sandbox.confinement, weak_allowed=not sandbox.strong)
        known = KnownMistakes(assignment, mistakes, grading_seed, only)
        with _Crew(sandbox, assignment, environment, only, count, judge) as crew:
            witnesses = [Job(it.name, modules=it.modules, witness=True, mistake=it.problem) for it in known.missing()]
            for _ in crew.work(witnesses, started):
                pass
            for name, frame in crew.findings.items():
                known.learn(name, frame)
            crew.wrongs = known.wrongs()
            yield from crew.work(list(reversed(jobs)), started)


class _Crew:
    """The lanes of one run."""

    def __init__(
        self,
        sandbox: Sandbox,
        assignment: Assignment,
        environment: Environment,
        only: frozenset[str],
        count: int,
        judge: type[Judge],
    ) -> None:
        self.sandbox, self.assignment, self.environment, self.only = sandbox, assignment, environment, only
        self.context = multiprocessing.get_context("fork")
        self.lanes: dict[Connection, tuple[int, BaseProcess]] = {}
        self.template: Result | None = None
        self.ready: set[Connection] = set()
        self.idle: set[Connection] = set()
        self.findings: dict[str, bytes] = {}  # of witnesses
        self.wrongs: list[tuple[Mistake, bytes]] = []
        self.told: set[Connection] = set()  # who knows the wrongs
        self.count, self.judge = count, judge

    def __enter__(self) -> _Crew:
        for index in range(self.count):
            self.start(index)
        return self

    def __exit__(self, *error: object) -> None:
        for pipe, (_, process) in self.lanes.items():
            pipe.close()
            process.terminate()
        for _, process in self.lanes.values():
            process.join()

    def start(self, index: int) -> None:
        """Forks a lane. No thread of ours runs at this point, here or at a later restart."""
        ours, theirs = self.context.Pipe()
        sandbox_lane = self.sandbox.lane(index)
        probes, limits = self.assignment.probes, limits_of(self.assignment)

        def make(pipe: Connection) -> lanes.Lane:
            start: engine.StartHost = lambda modules: sandbox_lane.host(modules, probes, limits)  # noqa: E731
            return lanes.Lane(pipe, self.assignment, self.environment, start, self.only, self.judge)

        others = [ours, *self.lanes]
        process = self.context.Process(target=lanes.enter, args=(theirs, others, make), daemon=True)
        process.start()
        theirs.close()
        self.lanes[ours] = (index, process)

    def work(self, waiting: list[Job], started: Callable[[Job], None]) -> Iterator[tuple[Job, Result]]:
        """Hands out `waiting` from its end and yields results until none is left."""
        at_work: dict[Connection, Job] = {}
        while waiting or at_work:
            while waiting and self.idle:
                job, free = waiting.pop(), self.idle.pop()
                at_work[free] = job
                started(job)
                with contextlib.suppress(OSError):  # it died just now: the next wait will tell
                    self.hand(free, job)
            for pipe in wait(list(self.lanes)):
                assert isinstance(pipe, Connection)
                try:
                    kind, content = json.loads(pipe.recv_bytes())
                except (EOFError, ConnectionResetError):
                    yield from self.buried(pipe, at_work)
                    continue
                if kind == "broken":
                    raise CourseError(f"The checks of {self.assignment.name} cannot be run. {content}")
                if kind == "findings":
                    self.findings[at_work[pipe].name] = base64.b64decode(content)
                    continue
                result = Result.model_validate_json(content)
                self.idle.add(pipe)
                if kind == "template":
                    self.template = result
                    self.ready.add(pipe)
                    continue
                given = at_work.pop(pipe, None)
                if given is None or given.name != result.submission:  # never let a grade reach another student
                    name = given.name if given else "nothing"
                    raise SandboxError(f"A judge was given {name}, but told of {result.submission}. Grade again.")
                yield given, result

    def hand(self, pipe: Connection, job: Job) -> None:
        """Sends a job to a lane, which first learns what is known to be wrong."""
        if self.wrongs and pipe not in self.told:
            self.told.add(pipe)
            wrongs = [[asdict(mistake), base64.b64encode(frame).decode()] for mistake, frame in self.wrongs]
            pipe.send_bytes(json.dumps({"wrongs": wrongs}).encode())
        pipe.send_bytes(job.message())

    def buried(self, pipe: Connection, at_work: dict[Connection, Job]) -> Iterator[tuple[Job, Result]]:
        """A lane died: its job is our fault, and another lane takes its place."""
        index, process = self.lanes.pop(pipe)
        self.idle.discard(pipe)
        pipe.close()
        process.join()
        job = at_work.pop(pipe, None)
        if self.template is None or pipe not in self.ready:
            raise SandboxError(f"A judge process ended before it judged anything (status {process.exitcode}).")
        self.start(index)
        if job is None:
            return
        fault = f"The judge process ended (status {process.exitcode}) while it judged this submission."
        checks = tuple(check.model_copy(update={"detail": fault}) for check in self.template.checks)
        yield (
            job,
            self.template.model_copy(
                update={"submission": job.name, "source": clean_line(job.path, 8000), "checks": checks}
            ),
        )
