"""The engine of a cluster, whichever it is: hands jobs to its workers, one a slot, and does again what is interrupted.

It does for workers what `grader/batch/crew.py` does for lanes. No more of a class is on its way than is being judged.
"""

from __future__ import annotations

import itertools
import secrets
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal

import msgpack

from grader.batch.crew import STARTS, TICK_S, TRIES, WITNESS_TRIES, not_graded
from grader.batch.engine import Setting
from grader.batch.job import Job
from grader.cluster import parcel, supply
from grader.cluster.alike import likeness
from grader.cluster.fleet import Call, Failed, Fleet, Heard, Joined, Left
from grader.errors import CourseError, SandboxError
from grader.judge.evidence import Trouble
from grader.judge.result import Result
from grader.judge.session import Judge
from grader.judge.specimen import Specimen

WAIT_S = 120.0  # for a worker, where there is none

Done = tuple[Job, Result]


@dataclass
class Post:
    """One slot of a worker, and what it is doing. A slot has a helper of its own, which begins before it is `ready`."""

    worker: str
    host: str
    slot: int
    stage: Literal["new", "beginning", "ready"] = "new"
    told: bool = False  # of the known mistakes
    job: Job | None = None
    ticket: int = 0


class Remote:
    """Judges on the workers of a fleet."""

    def __init__(self, fleet: Fleet, wait_s: float = WAIT_S) -> None:
        self._fleet, self._wait_s = fleet, wait_s

    def width(self, jobs: int, lane_count: int | None) -> int:
        """As many as the workers have slots now."""
        return max(1, min(self._fleet.slots(), jobs, lane_count or jobs))

    @contextmanager
    def crew(self, setting: Setting, jobs: int) -> Iterator[RemoteCrew]:
        """The workers of one run."""
        if setting.judge is not Judge:
            raise SandboxError("another judge than the usual one works on one machine only.")
        crew = RemoteCrew(self._fleet, setting, self._wait_s)
        try:
            yield crew
        finally:
            self._fleet.end(crew.run)


class RemoteCrew:
    """The slots of one run. `findings`, `wrongs` and `stop` are those of `grader.batch.engine.Team`."""

    def __init__(self, fleet: Fleet, setting: Setting, wait_s: float) -> None:
        self.run = secrets.token_hex(8)
        self.findings: dict[str, tuple[Trouble, bytes]] = {}
        self.wrongs: Sequence[tuple[Specimen, bytes]] = ()
        self.stop = setting.stop
        self._fleet, self._setting, self._wait_s = fleet, setting, wait_s
        self._bundle = supply.packed(setting.assignment)
        self._posts: list[Post] = []
        self._asked: dict[int, Post] = {}
        self._supplied: set[str] = set()  # hosts
        self._tickets = itertools.count(1)
        self._template: Result | None = None
        self._stillborn = 0
        self._alone_since = time.monotonic()

    def work(self, jobs: Sequence[Job], started: Callable[[Job], None]) -> Iterator[Done]:
        """Judges the jobs, in about their order, and yields each with its result. Where `stop` says so, what is being
        judged is finished, and nothing else is begun."""
        waiting, interrupted = list(reversed(jobs)), Counter[str]()
        while (waiting and not self.stop()) or self._busy():
            yield from self._hand_out(waiting, started)
            heard = self._fleet.heard(TICK_S)
            self._setting.tick()
            for each in heard:
                for job, outcome in self._take_in(each):
                    if isinstance(outcome, Result):
                        troubled = job.witness and self.findings[job.name][0] in ("disturbed", "ours")
                        interrupted[job.name] += troubled
                        if not troubled or interrupted[job.name] >= WITNESS_TRIES:
                            yield from self._hand_out(waiting, started)  # nobody idles while a result is written
                            yield job, outcome
                            continue
                    elif outcome:
                        interrupted[job.name] += 1
                        if interrupted[job.name] >= (tries := WITNESS_TRIES if job.witness else TRIES):
                            yield job, self._not_graded(job, f"{outcome} So ended {tries} attempts to judge it.")
                            continue
                    waiting.insert(0, job)
            if not self._posts and time.monotonic() - self._alone_since > self._wait_s:
                raise SandboxError(f"The cluster has had no worker for {self._wait_s:.0f} s. Start some, then go on.")

    def _hand_out(self, waiting: list[Job], started: Callable[[Job], None]) -> Iterator[Done]:
        """Begins with slots that are new, and gives a job to each that is free. Yields who cannot be sent."""
        for post in self._posts:
            if post.stage == "new" and (post.host in self._supplied or not self._is_supplying(post.host)):
                post.stage = "beginning"
                self._ask(post, self._beginning(), begin=True)
            while waiting and post.stage == "ready" and post.job is None and not self.stop():
                post.job = waiting.pop()
                started(post.job)
                if (why := self._hand(post, post.job)) is not None:
                    job, post.job = post.job, None
                    yield job, self._not_graded(job, why)

    def _is_supplying(self, host: str) -> bool:
        """Whether the assignment is on its way to this machine: once is enough."""
        return any(post.stage == "beginning" for post in self._posts if post.host == host)

    def _busy(self) -> bool:
        return any(post.job for post in self._posts)

    def _beginning(self) -> dict[str, Any]:
        setting = self._setting
        return {
            "likeness": likeness(),
            "digest": supply.digest_of(self._bundle),
            "homework": setting.assignment.folder.name,
            "secret": setting.secret,
            "confinement": setting.confinement,
            "allow_weak": setting.allow_weak,
            "only": sorted(setting.only),
        }

    def _hand(self, post: Post, job: Job) -> str | None:
        """Sends a job, or first what is known to be wrong. Why it cannot be sent, if so."""
        self.findings.pop(job.name, None)  # of a judging that was interrupted
        if self.wrongs and not post.told:
            self._ask(post, {"wrongs": [[mistake.said(), frame] for mistake, frame in self.wrongs]})
            return None
        try:
            content = parcel.packed(job)
        except OSError as error:
            return f"{job.path} cannot be read: {error.strerror}."
        except parcel.TooLarge as error:
            return str(error)
        self._ask(post, {"parcel": content})
        return None

    def _ask(self, post: Post, request: Mapping[str, Any], *, begin: bool = False) -> None:
        post.ticket = next(self._tickets)
        self._asked[post.ticket] = post
        self._fleet.send(post.worker, post.ticket, Call(self.run, post.slot, msgpack.packb(request), begin))

    def _take_in(self, heard: Heard) -> Iterator[tuple[Job, Result | str]]:
        """Takes in what was heard. Yields each job that came to an end by it: with its result, with what interrupted
        it, or with "" where nobody had begun with it."""
        if isinstance(heard, Joined):
            self._posts += [Post(heard.worker, heard.host, slot) for slot in range(heard.slots)]
        elif isinstance(heard, Left):
            gone = [post for post in self._posts if post.worker == heard.worker]
            self._posts = [post for post in self._posts if post.worker != heard.worker]
            self._alone_since = time.monotonic()
            for post in gone:
                self._asked.pop(post.ticket, None)
                yield from self._interrupted(post, f"The cluster's worker {heard.worker} ended.")
        elif heard.ticket in self._asked:  # and not of a worker that has left
            post = self._asked.pop(heard.ticket)
            if isinstance(heard, Failed):
                yield from self._interrupted(post, f"The cluster's worker {post.worker} failed: {heard.why}.")
            else:
                yield from self._answered(post, msgpack.unpackb(heard.content))

    def _answered(self, post: Post, answer: Mapping[str, Any]) -> Iterator[tuple[Job, Result | str]]:
        if "refused" in answer:
            if answer["broken"]:
                raise CourseError(answer["refused"])
            raise SandboxError(f"The cluster's worker {post.worker}: {answer['refused']}")
        if "died" in answer:
            yield from self._interrupted(post, answer["died"])
        elif "gone" in answer:  # it had nothing to do for long
            job, post.job, post.stage, post.told = post.job, None, "new", False
            if job:
                yield job, ""
        elif "need" in answer:
            self._supplied.discard(post.host)
            self._ask(post, {"bundle": self._bundle})
        elif "template" in answer:
            self._template, self._stillborn, post.stage = Result.model_validate_json(answer["template"]), 0, "ready"
            self._supplied.add(post.host)
        elif "known" in answer:
            post.told = True
            if post.job is not None and (why := self._hand(post, post.job)) is not None:
                job, post.job = post.job, None
                yield job, self._not_graded(job, why)
        else:
            yield self._judged(post, answer)

    def _judged(self, post: Post, answer: Mapping[str, Any]) -> Done:
        result = Result.model_validate_json(answer["result"])
        job, post.job = post.job, None
        if job is None or job.name != result.submission:  # never let a grade reach another student
            name = job.name if job else "nothing"
            raise SandboxError(f"A worker was given {name}, but told of {result.submission}. Grade again.")
        if answer["trouble"] is not None:
            self.findings[job.name] = answer["trouble"], answer["frame"]
        return job, result

    def _interrupted(self, post: Post, why: str) -> Iterator[tuple[Job, str]]:
        """Begins anew with a slot, and hands back what it was judging."""
        beginning, job = post.stage == "beginning", post.job
        post.job, post.stage, post.told = None, "new", False
        if job:
            yield job, why
        elif beginning and post in self._posts:  # not one that left
            self._stillborn += 1
            if self._stillborn >= STARTS:
                raise SandboxError(f"{STARTS} times no judge could be started on a worker of the cluster. {why}")

    def _not_graded(self, job: Job, why: str) -> Result:
        if self._template is None:
            raise SandboxError(why)
        return not_graded(self._template, job, why)
