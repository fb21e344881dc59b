"""One lane: a process with one pytest session that judges the submissions it is given, one after the other.

A lane talks with the batch over a pipe, in JSON. It is forked from the batch's process, so it shares what is already
imported; student code never runs in it.
"""

from __future__ import annotations

import contextlib
import gc
import io
import json
import os
import signal
import sys
import traceback
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest

from grader.batch.known import read_wrongs
from grader.course.assignment import Assignment
from grader.course.secret import Secret
from grader.errors import SandboxError, SandboxLost
from grader.intake import Entry, Submission, Wanted, read_entry
from grader.judge import engine
from grader.judge.answers import ReferenceAnswers
from grader.judge.brief import Brief, Judged
from grader.judge.evidence import Findings, Trouble, TwoDraws
from grader.judge.explaining import explained, unexplained
from grader.judge.further import Occasion, further_seed, rounds, together
from grader.judge.result import Environment, Result
from grader.judge.session import Judge
from grader.judge.specimen import Specimen
from grader.judge.substitutes import Substitutes
from grader.sandbox.confine import identity, rlimits
from grader.sandbox.replies import StartHost
from grader.text import clean_line

# What checks may use on this side. Honest answers need far less; others shall not take the machine.
MEMORY_MB = 2048  # beyond what the lane begins with
CHECK_CPU_S = 20.0
MOST_SEEN_BYTES = 16 << 20  # of wrong answers that are kept of one submission, until they are explained


class Lane:
    """The lane's side of the pipe. It says `template` once, then `result` for each job, or `broken` with the reason.

    Before the result of a witness, and of a submission with something to explain, it says its `findings`, with what
    troubled them; before one that was explained, only what troubled that. It says `lost` and ends when the sandbox is
    gone: what it was judging is then to be judged again.
    """

    def __init__(
        self,
        pipe: Connection,
        assignment: Assignment,
        environment: Environment,
        secret: Secret,
        start: StartHost,
        only: frozenset[str],
        judge: type[Judge] = Judge,
    ) -> None:
        self.pipe, self.assignment, self.environment, self.only = pipe, assignment, environment, only
        self.secret = secret
        self.wanted = Wanted.of(assignment)
        self.known: tuple[Specimen, ...] = ()
        reference = assignment.sources(assignment.solution)
        self.answers: ReferenceAnswers = engine.answers_of(assignment, start)
        self.judge = judge(
            assignment,
            self.answers,
            environment,
            secret,
            start_host=start,
            reference=lambda: start(reference),
            substitutes=Substitutes(assignment).of,
            work=self.work,
            only=only,
            check_cpu_s=CHECK_CPU_S,
        )

    def run(self) -> None:
        """Judges until the batch closes the pipe or says that it is done."""
        limit_memory()
        folders = [str(self.assignment.folder / "checks"), str(self.assignment.solution / "checks")]
        said = io.StringIO()
        try:
            with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
                arguments = [*engine.ini_arguments(), *engine.QUIET, "--capture=no", *folders]
                status = pytest.main(arguments, plugins=[engine.Enlists(self.judge), _Complaints(self)])
            if status not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
                self.send("broken", f"pytest ended with status {status}. {said.getvalue()[-4000:]}")
        except Exception:
            self.send("broken", traceback.format_exc()[-4000:])
        finally:
            with contextlib.suppress(SandboxError):  # it may be gone
                self.answers.close()

    def work(self, judged: Callable[[Brief], Judged]) -> None:
        """Does the batch's jobs as they come, until it closes the pipe or says that it is done."""
        self.send("template", self.judge.failed(_NOBODY, "").model_dump_json())
        gc.freeze()  # pytest, the checks and the models stay for good: no need to walk through them again
        while (job := self.next_job()) is not None:
            if "wrongs" in job:
                wrongs = [(Specimen(**mistake, modules={}), b64decode(frame)) for mistake, frame in job["wrongs"]]
                self.known = read_wrongs(wrongs)
            else:
                does = self.explained if job["graded"] else self.witness if job["witness"] else self.graded
                try:
                    content = does(job, judged)
                except SandboxLost as lost:
                    self.send("lost", str(lost))
                    return
                self.send("result", content)

    def next_job(self) -> dict[str, Any] | None:
        try:
            job: dict[str, Any] | None = json.loads(self.pipe.recv_bytes())
        except EOFError:
            return None
        return job

    def graded(self, job: Mapping[str, Any], judged: Callable[[Brief], Judged]) -> str:
        """The result of a submission. What its failed checks saw is told before, where it can be compared."""
        try:
            done = _not_lost(judged(Brief(self.read(job), job["seed"])))
            # What is known is seen on the batch's seed, and says nothing about inputs drawn from another.
            comparable = job["seed"] in (None, self.secret)
            if comparable and (findings := done.findings.within(MOST_SEEN_BYTES)).evidence:
                self.tell(findings.trouble, findings.encode())
            return done.result.model_dump_json()
        except SandboxLost:
            raise
        except Exception:  # a bug of ours, in reading it or in telling of it: that is said, and the next job comes
            return self.judge.failed(_brief_of_nothing(job), traceback.format_exc()[-4000:]).model_dump_json()

    def witness(self, job: Mapping[str, Any], judged: Callable[[Brief], Judged]) -> str:
        """The result of a known mistake. What the checks of its problem saw is told before.

        What it got wrong is put once more, to see which of these answers are a matter of chance, and on a further draw.
        """
        brief = Brief(
            self.read(job), job["seed"], asked=self.judge.collected.of_problem(job["mistake"]), substitutes=False
        )
        first = _not_lost(judged(brief))
        names = frozenset(first.findings.evidence)
        again = _not_lost(judged(replace(brief, shift=1, asked=names)))
        seed, occasion = further_seed(self.secret), Occasion(further=True)
        further = _not_lost(judged(replace(brief, seed=seed, asked=names, occasion=occasion)))
        draws = TwoDraws(first.findings.settled(again.findings), further.findings).settled()
        self.tell(draws.trouble, draws.encode())
        troubled = [done.result for done in (first, again, further) if done.findings.trouble]
        return (troubled or [again.result])[0].model_dump_json()

    def explained(self, job: Mapping[str, Any], judged: Callable[[Brief], Judged]) -> str:
        """A graded submission's result with what its failed checks look like, which are put on a further draw before.

        What came may be a hostile submission's: if it cannot be compared, a remark says so, and the next one comes.
        """
        result = Result.model_validate_json(job["graded"])
        try:
            findings, submission = Findings.decode(b64decode(job["findings"])), self.read(job)
            heard = []
            for part in rounds(result, findings):
                asked, given = part.asked, part.given
                brief = Brief(submission, further_seed(self.secret), 0, asked, False, given, part.occasion)
                done = _not_lost(judged(brief))
                heard.append((part, done.findings, done.result))
            further, again = together(heard)
            draws = TwoDraws(findings, further)
            result = explained(result, draws, again, self.known, self.judge.collected.checks)
            self.tell(further.trouble, b"")
        except SandboxLost:
            raise
        except Exception as error:
            remark = (
                f"could not be compared with known mistakes ({type(error).__name__}: {clean_line(str(error), 200)})"
            )
            result = unexplained(result.model_copy(update={"remarks": (*result.remarks, remark)}))
        return result.model_dump_json()

    def tell(self, trouble: Trouble, frame: bytes) -> None:
        self.send("findings", json.dumps([trouble, b64encode(frame).decode()]))

    def read(self, job: Mapping[str, Any]) -> Submission:
        """The submission of one job."""
        if job["modules"] is not None:
            return Submission.accepted(job["name"], Path(job["path"]), job["modules"], ())
        return read_entry(_entry(job), self.wanted)

    def send(self, kind: str, content: str) -> None:
        self.pipe.send_bytes(json.dumps([kind, content]).encode())


def _entry(job: Mapping[str, Any]) -> Entry:
    before = tuple(_entry(attempt) for attempt in job["earlier"])
    return Entry(job["name"], Path(job["path"]), job["refusal"], job["alone"], job["files"], earlier=before)


def _brief_of_nothing(job: Mapping[str, Any]) -> Brief:
    return Brief(Submission.accepted(job["name"], Path(job["path"]), {}, ()), job["seed"])


_NOBODY = _brief_of_nothing({"name": "", "path": "", "seed": None})


def _not_lost(judged: Judged) -> Judged:
    if judged.lost is not None:
        raise judged.lost
    return judged


def limit_memory() -> None:
    """A check that unfolds a hostile answer into millions of lists then fails instead of taking the whole machine."""
    if sys.platform == "linux":
        import resource

        used = rlimits.baseline().data
        hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
        wanted = used + MEMORY_MB * rlimits.MB
        resource.setrlimit(resource.RLIMIT_DATA, (wanted if hard < 0 else min(wanted, hard), hard))


class _Complaints:
    """Carries errors of collecting to the batch: a check that cannot be imported is the course's fault, said once."""

    def __init__(self, lane: Lane) -> None:
        self.lane = lane

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.lane.send("broken", f"{report.nodeid}: {report.longreprtext[-4000:]}")

    def pytest_internalerror(self, excrepr: object, excinfo: pytest.ExceptionInfo[BaseException]) -> bool:
        self.lane.send("broken", f"{excinfo.type.__name__}: {excinfo.value}\n{str(excrepr)[-3000:]}")
        return True


def enter(pipe: Connection, others: list[Connection], make: object) -> None:
    """The body of a lane's process: drops the other lanes' pipes and runs."""
    for number in (signal.SIGINT, signal.SIGHUP):  # the batch decides what an interrupt means
        signal.signal(number, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    if sys.platform == "linux":
        identity.die_with_parent()
    for other in others:
        other.close()
    assert callable(make)
    lane: Lane = make(pipe)
    with contextlib.suppress(BrokenPipeError):  # the batch is gone
        lane.run()
    pipe.close()
    os._exit(0)  # skip the batch's own clean-up, which the fork inherited
