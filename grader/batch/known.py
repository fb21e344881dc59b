"""Known wrong solutions on one grading seed: judged once, kept with the solution, compared with every submission."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

from grader.course.assignment import Assignment, digest_of, read_text
from grader.course.secret import Secret, fingerprint
from grader.judge.evidence import FORMAT, TwoDraws
from grader.judge.keeping import keep, kept
from grader.judge.specimen import Specimen
from grader.sandbox import wire
from grader.sandbox.processor import processor


class KnownMistakes:
    """The findings of `mistakes` on one seed, and on the further draw that belongs to it.

    What is kept is tied to every file that could change it.
    """

    def __init__(
        self, assignment: Assignment, mistakes: Sequence[Specimen], seed: Secret, only: frozenset[str]
    ) -> None:
        self.mistakes = {mistake.name: mistake for mistake in mistakes}
        self.folder = assignment.solution / ".cache" / "mistakes"
        texts = [read_text(path) for path in _deciding(assignment)] if mistakes else []
        texts += [digest_of(path) for path in assignment.shared_files]
        texts += assignment.preload.digests().values() if assignment.preload else ()
        texts += processor()
        versions = [version("torch"), version("numpy"), wire.MAGIC.decode()]
        about = [FORMAT, texts, fingerprint(seed), sorted(only), *versions]
        self._identity = json.dumps(about)
        self._frames: dict[str, bytes] = {}
        for mistake in mistakes:
            frame = kept(self._path(mistake))
            if frame is not None and _is_readable(frame):
                self._frames[mistake.name] = frame

    def missing(self) -> list[Specimen]:
        """Those whose findings are not known yet."""
        return [mistake for name, mistake in self.mistakes.items() if name not in self._frames]

    def learn(self, name: str, frame: bytes, *, whole: bool = True) -> None:
        """Takes the findings of one mistake. They are kept for later runs if they are whole."""
        self._frames[name] = frame
        if whole:
            keep(self._path(self.mistakes[name]), frame)

    def wrongs(self) -> list[tuple[Specimen, bytes]]:
        """What a judge compares with: the mistakes and their findings."""
        return [(self.mistakes[name], frame) for name, frame in sorted(self._frames.items())]

    def _path(self, mistake: Specimen) -> Path:
        text = json.dumps([self._identity, mistake.name, dict(mistake.modules)], sort_keys=True)
        return self.folder / f"{hashlib.sha256(text.encode()).hexdigest()[:32]}.frame"


def read_wrongs(wrongs: Sequence[tuple[Specimen, bytes]]) -> tuple[Specimen, ...]:
    """The wrong solutions for a judge, with what was seen of them."""
    return tuple(replace(mistake, findings=TwoDraws.decode(frame)) for mistake, frame in wrongs)


def _is_readable(frame: bytes) -> bool:
    try:
        TwoDraws.decode(frame)
    except (wire.WireError, KeyError, TypeError, ValueError):
        return False
    return True


def _deciding(assignment: Assignment) -> list[Path]:
    """The files on which it depends how a check meets a wrong solution."""
    public = [path for path in assignment.folder.rglob("*.py") if path.name not in assignment.modules]
    secret = [*(assignment.solution / "checks").rglob("*.py"), *assignment.solution.glob("*.json")]
    reference = [assignment.solution / module for module in assignment.modules]
    return sorted({*public, *secret, *reference})
