"""What is said of failed checks once everybody has a grade. Known mistakes are looked at only where somebody failed."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Iterator
from dataclasses import replace
from tempfile import gettempdir
from types import TracebackType

from grader import atomic
from grader.batch.aside import Aside, Place
from grader.batch.engine import Team
from grader.batch.job import Job
from grader.batch.known import KnownMistakes
from grader.judge.explaining import unexplained, with_diagnoses
from grader.judge.result import Result
from grader.judge.specimen import Specimen
from grader.judge.verdict import WRONG

INTERRUPTED = "could not be compared with known mistakes: that was interrupted twice"
UNFINISHED_S = 3600.0  # so old is a file that another run cannot be writing any more


class Explaining:
    """The results of a class that wait for an explanation. `problems` are those in which somebody failed a check."""

    def __init__(self, crew: Team) -> None:
        self.problems: set[str] = set()
        self.left_out: dict[str, str] = {}  # who could not be kept, and why
        self._crew, self._aside = crew, Aside()
        self._waiting: dict[str, tuple[Job, Place, Place]] = {}  # by name, with the result and what its checks saw

    def __enter__(self) -> Explaining:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._aside.close()

    def take(self, job: Job, result: Result) -> bool:
        """Keeps a result that there is something to say of. False where there is nothing, or no room to keep it."""
        _, frame = self._crew.findings.pop(job.name, ("", b""))
        if not frame:
            return False
        try:
            self._waiting[job.name] = job, self._aside.put(result.model_dump_json().encode()), self._aside.put(frame)
        except OSError as error:
            self.left_out[job.name] = str(error.strerror)
            return False
        self.problems |= {check.problem for check in result.checks if check.verdict in WRONG}
        return True

    def resume(self, job: Job, result: Result, frame: bytes) -> None:
        """Takes what an earlier run graded and did not come to explain."""
        self._crew.findings[job.name] = "", frame
        self.take(job, result)

    def frame(self, name: str) -> bytes:
        """What the checks of somebody who waits saw."""
        return self._aside.get(self._waiting[name][2])

    def explained(
        self,
        known: KnownMistakes,
        started: Callable[[Job], None],
        warn: Callable[[str], None],
        unsure: Callable[[Job], None],
    ) -> Iterator[tuple[Job, Result]]:
        """The results again, with what their failed checks look like, and perhaps with another remark. Nothing else of
        them can change."""
        if self.left_out:
            name, why = next(iter(self.left_out.items()))
            warn(
                f"Not compared with known mistakes: {len(self.left_out)} ({name}, ...), because {gettempdir()} cannot "
                f"be written ({why}). They have their points. Make room there, then grade again."
            )
        if not self._waiting or self._crew.stop():
            return
        self._crew.wrongs = self._learned(known, started, warn)
        asked = (self._asked(name) for name in self._waiting)
        for again, now in self._crew.work(list(asked), lambda job: None):
            job, place, _ = self._waiting[again.name]
            trouble, _ = self._crew.findings.pop(again.name, ("disturbed", b""))
            if trouble in ("disturbed", "ours"):
                unsure(job)
            before = Result.model_validate_json(self._aside.get(place))
            if [check.verdict for check in now.checks] != [check.verdict for check in before.checks]:
                remarks = (*before.remarks, INTERRUPTED)
                yield job, unexplained(before.model_copy(update={"remarks": remarks}))
                continue
            told = with_diagnoses(before, {check.id: check.diagnosis for check in now.checks})
            yield job, told.model_copy(update={"remarks": now.remarks})

    def _asked(self, name: str) -> Job:
        job, result, findings = self._waiting[name]
        graded, seen = self._aside.get(result).decode(), b64encode(self._aside.get(findings)).decode()
        return replace(job, graded=graded, findings=seen)

    def _learned(
        self, known: KnownMistakes, started: Callable[[Job], None], warn: Callable[[str], None]
    ) -> list[tuple[Specimen, bytes]]:
        """What the known mistakes look like: as it was kept, or judged now."""
        missing = known.missing()
        if missing:
            atomic.sweep(known.folder, UNFINISHED_S)
        witnesses = [Job(it.name, modules=it.modules, witness=True, mistake=it.problem) for it in missing]
        for job, result in self._crew.work(witnesses, started):
            trouble, frame = self._crew.findings.pop(job.name, ("disturbed", b""))
            if trouble in ("disturbed", "ours"):
                errors = [check for check in result.checks if check.verdict == "grader_error" and check.detail]
                why = f" ({errors[0].id}: {errors[0].detail.strip().splitlines()[-1]})" if errors else ""
                how = "was disturbed again and again" if trouble == "disturbed" else "met a mistake of ours"
                warn(
                    f"Judging the known mistake {job.name} {how}{why}. Nobody loses a point by that, but who makes it "
                    "may miss its diagnosis. See what is wrong, then grade again."
                )
            if frame and trouble != "disturbed":
                known.learn(job.name, frame, whole=trouble == "")
        return known.wrongs()
