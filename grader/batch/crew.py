"""The lanes of one run: work is handed out as they become free, and what is interrupted is done again.

A lane that is killed and a fork server that is gone are nobody's fault in the class. Their submissions are judged again
from the beginning; one that this happens to twice is a `grader_error`, and the class goes on.
"""

from __future__ import annotations

import base64
import contextlib
import json
import multiprocessing
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess

from grader.batch import lane as lanes
from grader.batch import room
from grader.batch.job import Job
from grader.course.assignment import Assignment
from grader.course.secret import Secret
from grader.errors import CourseError, SandboxError
from grader.judge.evidence import Trouble
from grader.judge.result import Environment, Result
from grader.judge.session import Judge
from grader.judge.specimen import Specimen
from grader.sandbox.forked import Sandbox
from grader.sandbox.limits import limits_of
from grader.sandbox.replies import NOTHING_GIVEN, Given, Host
from grader.text import clean_line

TRIES = 2  # how often a submission is judged whose judging is interrupted
WITNESS_TRIES = 3  # the same of a known mistake, also when a check could not be judged: others' points depend on it
TICK_S = 0.5  # so often somebody hears that time passes
SETTLE_S = 1.0  # chosen: after so long a submission holds about as much memory as it will
STARTS = 4  # how often in a row a lane may end before it has judged anything


@dataclass
class Post:
    """One lane's process and what it is doing."""

    index: int
    process: BaseProcess
    ready: bool = False
    told: bool = False  # of the known mistakes
    job: Job | None = None


class Crew:
    """The lanes of one run. `findings` has those of each witness, and of each submission with something to explain,
    with what troubled them."""

    def __init__(
        self,
        sandbox: Sandbox,
        assignment: Assignment,
        environment: Environment,
        secret: Secret,
        only: frozenset[str],
        count: int,
        judge: type[Judge],
        stop: Callable[[], bool] = lambda: False,
        tick: Callable[[], None] = lambda: None,
        notice: Callable[[str], None] = lambda text: None,
    ) -> None:
        self.findings: dict[str, tuple[Trouble, bytes]] = {}
        self.wrongs: Sequence[tuple[Specimen, bytes]] = ()
        self._sandbox, self._assignment, self._environment, self._only = sandbox, assignment, environment, only
        self._secret = secret
        self._count, self._judge = count, judge
        self.stop, self._tick, self._notice = stop, tick, notice
        self._worker_mb, self._short = limits_of(assignment).memory_mb, False
        self._begun_at = 0.0
        self._context = multiprocessing.get_context("fork")
        self._posts: dict[Connection, Post] = {}
        self._template: Result | None = None
        self._stillborn = 0

    def __enter__(self) -> Crew:
        for index in range(self._count):
            self._start(index)
        return self

    def __exit__(self, *error: object) -> None:
        self._dismiss()

    def work(self, jobs: Sequence[Job], started: Callable[[Job], None]) -> Iterator[tuple[Job, Result]]:
        """Judges the jobs, in about their order, and yields each with its result. Where `stop` says so, what is being
        judged is finished, and nothing else is begun."""
        waiting, interrupted = list(reversed(jobs)), Counter[str]()
        while (waiting and not self.stop()) or self._busy():
            self._hand_out(waiting, started)
            spoke = wait(list(self._posts), TICK_S)
            self._tick()
            for spoken in spoke:
                assert isinstance(spoken, Connection)
                pipe = spoken
                if pipe not in self._posts:  # it was dismissed with the others
                    continue
                kind, content = _said(pipe)
                if kind in ("died", "lost"):
                    for job, why in self._replace(pipe, kind, content):
                        interrupted[job.name] += 1
                        if interrupted[job.name] < (tries := WITNESS_TRIES if job.witness else TRIES):
                            waiting.insert(0, job)
                        else:
                            yield job, self._not_graded(job, f"{why} So ended {tries} attempts to judge it.")
                elif done := self._heard(pipe, kind, content):
                    job, result = done
                    troubled = job.witness and self.findings[job.name][0] in ("disturbed", "ours")
                    interrupted[job.name] += troubled
                    if troubled and interrupted[job.name] < WITNESS_TRIES:
                        waiting.insert(0, job)
                    else:
                        self._hand_out(waiting, started)  # nobody idles while a result is written
                        yield job, result

    def template(self) -> Result:
        """A result of nobody, in which every check is a `grader_error`. Waits for the first lane."""
        while self._template is None:
            for pipe in wait(list(self._posts), TICK_S):
                if isinstance(pipe, Connection) and pipe in self._posts:
                    kind, content = _said(pipe)
                    if kind in ("died", "lost"):
                        self._replace(pipe, kind, content)
                    else:
                        self._heard(pipe, kind, content)
            self._tick()
        return self._template

    def _hand_out(self, waiting: list[Job], started: Callable[[Job], None]) -> None:
        for pipe, post in self._posts.items():
            if waiting and post.ready and post.job is None and not self.stop() and self._has_room():
                post.job, self._begun_at = waiting.pop(), time.monotonic()
                started(post.job)
                with contextlib.suppress(OSError):  # it died just now: the next wait will tell
                    self._hand(pipe, post, post.job)

    def _has_room(self) -> bool:
        """Whether there is memory for one more. Who is alone is judged in any case: nothing would change by waiting.

        Who was begun just now has not taken yet what it will take. So where memory is not enough for all at once, one
        is begun after the other.
        """
        busy = sum(post.job is not None for post in self._posts.values())
        if not busy or (free := room.free_mb()) >= (busy + 1) * self._worker_mb:
            return True
        if not self._short:
            self._short = True
            self._notice(
                f"{free:,.0f} MB of memory are free, and {busy + 1} submissions may take "
                f"{(busy + 1) * self._worker_mb:,.0f}: as long as that is so, fewer are judged at a time. "
                "It costs time, and nobody a point."
            )
        return free >= self._worker_mb and time.monotonic() - self._begun_at >= SETTLE_S

    def _busy(self) -> bool:
        return any(post.job for post in self._posts.values())

    def _hand(self, pipe: Connection, post: Post, job: Job) -> None:
        """Sends a job to a lane, which first learns what is known to be wrong."""
        self.findings.pop(job.name, None)  # of a judging that was interrupted
        if self.wrongs and not post.told:
            post.told = True
            wrongs = [[mistake.said(), base64.b64encode(frame).decode()] for mistake, frame in self.wrongs]
            pipe.send_bytes(json.dumps({"wrongs": wrongs}).encode())
        pipe.send_bytes(job.message())

    def _heard(self, pipe: Connection, kind: str, content: str) -> tuple[Job, Result] | None:
        """Takes in one message of a lane. The job and its result, when it was that."""
        post = self._posts[pipe]
        if kind == "broken":
            raise CourseError(f"The checks of {self._assignment.name} cannot be run. {content}")
        if kind == "findings":
            assert post.job is not None
            trouble, frame = json.loads(content)
            self.findings[post.job.name] = trouble, base64.b64decode(frame)
            return None
        result = Result.model_validate_json(content)
        if kind == "template":
            self._template, self._stillborn, post.ready = result, 0, True
            return None
        job, post.job = post.job, None
        if job is None or job.name != result.submission:  # never let a grade reach another student
            name = job.name if job else "nothing"
            raise SandboxError(f"A judge was given {name}, but told of {result.submission}. Grade again.")
        return job, result

    def _start(self, index: int) -> None:
        """Forks a lane. No thread of ours runs at this point, here or at a later restart."""
        ours, theirs = self._context.Pipe()
        sandbox_lane = self._sandbox.lane(index)
        probes, limits = self._assignment.probes, limits_of(self._assignment)

        def make(pipe: Connection) -> lanes.Lane:
            def start(modules: Mapping[str, str], given: Mapping[str, Given] = NOTHING_GIVEN) -> Host:
                return sandbox_lane.host(modules, probes, limits, given)

            return lanes.Lane(pipe, self._assignment, self._environment, self._secret, start, self._only, self._judge)

        others = [ours, *self._posts]
        process = self._context.Process(target=lanes.enter, args=(theirs, others, make), daemon=True)
        process.start()
        theirs.close()
        self._posts[ours] = Post(index, process)

    def _replace(self, pipe: Connection, kind: str, why: str) -> list[tuple[Job, str]]:
        """New lanes for one that died, or a new sandbox for all. The jobs that were interrupted, and by what."""
        if kind == "lost":
            jobs = self._dismiss()
            self._sandbox.restart()
            indices = list(range(self._count))
        else:
            post = self._posts.pop(pipe)
            pipe.close()
            post.process.join()
            why = f"The judge process ended (status {post.process.exitcode}) while it judged this submission."
            jobs, indices = [post.job] if post.job else [], [post.index]
        if not jobs:
            self._stillborn += 1
            if self._stillborn >= STARTS:
                raise SandboxError(f"{STARTS} judge processes ended before they judged anything. The last: {why}")
        for index in indices:
            self._start(index)
        return [(job, why) for job in jobs]

    def _dismiss(self) -> list[Job]:
        """Ends all lanes at once, and returns what they were judging."""
        for pipe, post in self._posts.items():
            pipe.close()
            post.process.kill()
        for post in self._posts.values():
            post.process.join()
        jobs = [post.job for post in self._posts.values() if post.job]
        self._posts.clear()
        return jobs

    def _not_graded(self, job: Job, why: str) -> Result:
        if self._template is None:
            raise SandboxError(why)
        return not_graded(self._template, job, why)


def _said(pipe: Connection) -> tuple[str, str]:
    try:
        kind, content = json.loads(pipe.recv_bytes())
    except (EOFError, OSError):
        kind, content = "died", ""
    return kind, content


def not_graded(template: Result, job: Job, why: str) -> Result:
    """The result of a submission that could not be judged: `grader_error` for every check."""
    checks = tuple(check.model_copy(update={"detail": why}) for check in template.checks)
    named = {"submission": job.name, "source": clean_line(job.path, 8000), "checks": checks}
    return template.model_copy(update=named)
