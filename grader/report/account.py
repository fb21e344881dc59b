"""Which results of a folder still stand: beside the results lies an account of what each was made of.

`graded.jsonl` has a line for each result as it was written: the unit of work, the digest of the result's file, and
whether it is finished. A result without such a line, or one that its line does not fit, is made anew.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from grader.batch.job import Job
from grader.batch.journal import Journal
from grader.batch.unit import Making, Unit, changes
from grader.judge.explaining import unexplained
from grader.judge.keeping import keep, kept
from grader.judge.result import Result
from grader.report.earlier import Earlier
from grader.report.files import content_of, path_of

ACCOUNT = "graded.jsonl"
ASIDE = "to_explain"  # a folder, as long as there is something in it
OURS = "not judged before, by our own mistake"
NO_ACCOUNT = "without an account of how it was made"
DAMAGED = "with a result that was changed or damaged since"
UNFINISHED = "not compared with known mistakes yet"
WEAK = "because too little confinement is not allowed now"
UNREADABLE = "with a hand-in that cannot be compared as it lies"


@dataclass(frozen=True)
class Standing:
    """What of a class is there already. `kept` are results of the same unit of work; `again` has the reasons why others
    do not stand; `new` have no result. The `resumed` have their points, and are only compared with known mistakes."""

    kept: Mapping[str, Result] = field(default_factory=dict)
    again: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    new: tuple[str, ...] = ()
    resumed: tuple[str, ...] = ()

    def said(self) -> str:
        """One line, or "" where nobody has a result yet."""
        counts = Counter(" and ".join(reasons) for reasons in self.again.values())
        parts = [f"{len(self.kept)} kept, because nothing changed"] if self.kept else []
        if self.again:
            told = ", ".join(f"{count} {why}" for why, count in counts.most_common())
            parts.append(f"{len(self.again)} graded again: {told}")
        if self.resumed:
            parts.append(f"{len(self.resumed)} graded before, and now compared with known mistakes")
        if parts and self.new:
            parts.append(f"{len(self.new)} graded for the first time")
        return "; ".join(parts) + "." if parts else ""


class Account:
    """The account of one folder, for a run that makes results by `making`."""

    def __init__(self, folder: Path, making: Making, *, allow_weak: bool = False) -> None:
        self._folder, self._making, self._allow_weak = folder, making, allow_weak
        self._journal = Journal(folder / ACCOUNT)
        self._units: dict[str, Unit | None] = {}
        self._makings: dict[str, Making | None] = {}

    @property
    def trouble(self) -> str:
        """Why the account cannot be written; "" when it can."""
        return self._journal.trouble

    def standing(self, jobs: Sequence[Job], before: Earlier) -> Standing:
        """What of the class is there already, compared with the hand-ins as they lie now."""
        stand, again, new = dict[str, Result](), dict[str, tuple[str, ...]](), list[str]()
        for job in jobs:
            result = before.results.get(job.name)
            if result is None and job.name not in before.unreadable:
                new.append(job.name)
            elif result is None:
                again[job.name] = (DAMAGED,)
            elif reasons := self._reasons(job, result):
                again[job.name] = reasons
            else:
                stand[job.name] = result
        return Standing(stand, again, tuple(new))

    def put_aside(self, name: str, result: Result, frame: bytes) -> None:
        """Keeps what it takes to explain a result in a later run, if there is room. It is gone once that is done."""
        content = result.model_dump_json().encode()
        keep(self._aside(name), len(content).to_bytes(8, "little") + content + frame)

    def from_aside(self, name: str) -> tuple[Result, bytes] | None:
        """A result that waits to be explained, and what its failed checks saw. None where that is not here, or is not
        of the result that lies in the folder."""
        stored = kept(self._aside(name))
        if stored is None:
            return None
        size = int.from_bytes(stored[:8], "little")
        result, frame = Result.model_validate_json(stored[8 : 8 + size]), stored[8 + size :]
        entry = self._journal.get(_key(name))
        written = hashlib.sha256(content_of(unexplained(result))).hexdigest()
        return (result, frame) if entry and entry["file"] == written else None

    def resumable(self, standing: Standing) -> Standing:
        """The same, with those as `resumed` that need not be judged again, since only their explanation is missing."""
        waiting = [name for name, reasons in standing.again.items() if reasons == (UNFINISHED,)]
        resumed = tuple(name for name in waiting if self.from_aside(name) is not None)
        again = {name: reasons for name, reasons in standing.again.items() if name not in resumed}
        return replace(standing, again=again, resumed=resumed)

    def _aside(self, name: str) -> Path:
        return self._folder / ASIDE / f"{name}.frame"

    def close(self) -> None:
        """Removes the folder of what waits to be explained, if nobody waits."""
        with contextlib.suppress(OSError):
            (self._folder / ASIDE).rmdir()

    def shorten(self, names: Sequence[str]) -> None:
        """Drops lines that nobody needs, where they are many. `names` are all who have a result."""
        keys = [_key(name) for name in names if self._journal.get(_key(name))]
        made = {f"made with {self._journal.get(key)['made_with']}" for key in keys}
        self._journal.shorten([*sorted(made), *keys])

    def begin(self, job: Job) -> None:
        """Takes note of what is handed in now, before it is read. Not for a result that is resumed: of that, what was
        compared counts."""
        self._units[job.name] = Unit.of(job, self._making)

    def note(self, result: Result, *, finished: bool) -> None:
        """Enters a result that is on the disk. One that we failed to judge has no account."""
        unit = self._units.get(result.submission)
        if unit is None or result.verdict == "grader_error":
            return
        made = f"made with {unit.making.digest}"
        if self._journal.get(made) is None:
            self._journal.note(made, asdict(unit.making))
        entry = {
            "content": unit.content,
            "remarks": unit.remarks,
            "made_with": unit.making.digest,
            "file": hashlib.sha256(content_of(result)).hexdigest(),
            "finished": finished,
        }
        self._journal.note(_key(result.submission), entry)
        if finished:
            with contextlib.suppress(OSError):
                self._aside(result.submission).unlink(missing_ok=True)

    def _reasons(self, job: Job, result: Result) -> tuple[str, ...]:
        if result.verdict == "grader_error":
            return (OURS,)
        entry = self._journal.get(_key(job.name))
        making = self._made_with(entry["made_with"]) if entry else None
        if making is None:
            return (NO_ACCOUNT,)
        try:
            whole = hashlib.sha256(path_of(self._folder, result).read_bytes()).hexdigest() == entry["file"]
        except OSError:
            whole = False
        # A run may have been killed when the explained result was on the disk, and its line was not.
        if not whole and (entry["finished"] or self.from_aside(job.name) is None):
            return (DAMAGED,)
        # Who is only explained is noted with what was compared here: the hand-in may be another one by then.
        self._units[job.name] = now = Unit.of(job, self._making)
        if now is None:
            return (UNREADABLE,)
        then = Unit(entry["content"], entry["remarks"], making)
        if reasons := changes(then, now, failed=result.verdict != "passed"):
            return tuple(reasons)
        if result.environment.weak_confinement_allowed and not self._allow_weak:
            return (WEAK,)
        return () if entry["finished"] else (UNFINISHED,)

    def _made_with(self, digest: str) -> Making | None:
        if digest not in self._makings:
            found = self._journal.get(f"made with {digest}")
            self._makings[digest] = found and Making(
                found["files"], found["seed"], tuple(found["problems"]), found["confinement"]
            )
        return self._makings[digest]


def _key(name: str) -> str:
    return f"submission {name}"
