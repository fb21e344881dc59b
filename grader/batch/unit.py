"""One unit of work: everything that a submission's result follows from, by digests. Equal units have equal results.

The submission is its bytes as they lie; the assignment, the framework and the libraries are a mapping from the name of
a file or version to its digest, so that what changed can be named.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePath

from grader.batch.job import Job
from grader.course.secret import Secret, fingerprint
from grader.intake.raw import raw_digests

KNOWN_MISTAKES = "/mutants/"  # in the names of files that decide only what is said of failed checks
HANDED_IN = "handed in something else"
REMARKS = "because other remarks belong to the hand-in"
SEED = "because the grading seed changed"


@dataclass(frozen=True)
class Making:
    """What a whole class is graded with. `files` has the digests of files and the versions of libraries, by name."""

    files: Mapping[str, str]
    seed: str
    problems: tuple[str, ...]
    confinement: str

    @classmethod
    def of(cls, files: Mapping[str, str], seed: Secret, only: frozenset[str], confinement: str) -> Making:
        return cls(files, fingerprint(seed), tuple(sorted(only)), confinement)

    @property
    def digest(self) -> str:
        return _digest([dict(self.files), self.seed, self.problems, self.confinement])


@dataclass(frozen=True)
class Unit:
    """What one submission's result follows from. `content` and `remarks` are digests."""

    content: str
    remarks: str
    making: Making

    @classmethod
    def of(cls, job: Job, making: Making) -> Unit | None:
        """None where what was handed in cannot be read as bytes, so that nobody can say whether it changed."""
        content = content_of(job)
        return None if content is None else cls(content, _digest(job.remarks), making)

    @property
    def digest(self) -> str:
        return _digest([self.content, self.remarks, self.making.digest])


def content_of(job: Job) -> str | None:
    """Names what was handed in: the bytes, and what the names beside it make of them."""
    places = _places(job)
    found = raw_digests([Path(place) for place in places])
    return None if found is None else _content(job, dict(zip(places, found, strict=True)))


def _places(job: Job) -> list[str]:
    """Where all of a hand-in lies, with the attempts before it."""
    before = [place for attempt in job.earlier for place in _places(attempt)]
    return list(dict.fromkeys([job.path, *job.files.values(), *before]))


def _content(job: Job, digests: Mapping[str, str]) -> str:
    found = {name: digests[place] for name, place in {"": job.path, **job.files}.items()}
    before = [_content(attempt, digests) for attempt in job.earlier]
    modules = None if job.modules is None else dict(job.modules)
    return _digest([found, PurePath(job.path).name, job.refusal, job.alone, modules, before])


def changes(then: Unit, now: Unit, *, failed: bool = True) -> list[str]:
    """Why a result of `then` does not stand for `now`, a reason each; none if it stands.

    Known mistakes count only for a submission that `failed` a check: they decide what is said of that, and no points.
    """
    found = []
    if then.content != now.content:
        found.append(HANDED_IN)
    if then.remarks != now.remarks:
        found.append(REMARKS)
    return [*found, *making_changes(then.making, now.making, failed=failed)]


def making_changes(then: Making, now: Making, *, failed: bool = True) -> list[str]:
    """The same of what a whole class is graded with, with the names of all files and versions that changed."""
    found = []
    names = sorted(
        name
        for name in {*then.files, *now.files}
        if then.files.get(name) != now.files.get(name) and (failed or KNOWN_MISTAKES not in name)
    )
    kinds: dict[str, list[str]] = {}
    for name in names:
        kinds.setdefault(_kind(name), []).append(_told(name, then.files.get(name), now.files.get(name)))
    found += [f"because {kind} changed: {', '.join(told)}" for kind, told in kinds.items()]
    if then.seed != now.seed:
        found.append(SEED)
    if then.problems != now.problems:
        told = [", ".join(problems) or "all" for problems in (then.problems, now.problems)]
        found.append(f"because other problems were asked ({told[0]}; now {told[1]})")
    if then.confinement != now.confinement:
        found.append(f"because the confinement changed ({then.confinement}; now {now.confinement})")
    return found


def _kind(name: str) -> str:
    """What a file is to who reads of it."""
    if name.startswith("version of "):
        return "versions"
    if name == "processor" or name.startswith("weights "):
        return "the processor" if name == "processor" else "weights"
    if name.startswith("grader/"):
        return "the grader"
    if KNOWN_MISTAKES in name:
        return "known mistakes"
    if "/checks/" in name:
        return "checks"
    if name.endswith("/probes.py"):
        return "probes"
    return "the reference or its data" if name.startswith("solutions/") else "the handout"


def _told(name: str, then: str | None, now: str | None) -> str:
    """A changed file by the end of its path that tells it apart, a version with both numbers."""
    if name.startswith("version of ") or name == "processor":
        return f"{name.removeprefix('version of ')} {then or 'absent'} -> {now or 'absent'}"
    new = "" if then and now else " (new)" if now else " (removed)"
    return f"{name}{new}"


def _digest(value: object) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode("utf-8", "surrogatepass")).hexdigest()[:32]
