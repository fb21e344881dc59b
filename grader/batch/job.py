"""One submission to judge, as it is handed to a lane."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

from grader.course.secret import Secret
from grader.intake import Entry


@dataclass(frozen=True)
class Job:
    """One submission to judge: an entry of a class folder, or source text. Without `seed`, the environment's counts.

    A `witness` is a known wrong solution: what the checks of its problem, `mistake`, saw of it is told. `remarks` go
    into the result. With `graded` and `findings`, a result and what its failed checks saw (base64), nothing is judged
    any more: the result is explained.
    """

    name: str
    path: str = ""
    refusal: str | None = None
    alone: bool = False
    files: Mapping[str, str] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()
    modules: Mapping[str, str] | None = None
    seed: Secret | None = None
    witness: bool = False
    mistake: str = ""
    graded: str = ""
    findings: str = ""
    earlier: tuple[Job, ...] = ()  # attempts before this one, as in an entry

    @classmethod
    def of(cls, entry: Entry) -> Job:
        before = tuple(cls.of(attempt) for attempt in entry.earlier)
        files = dict(entry.files)
        return cls(entry.name, str(entry.path), entry.refusal, entry.alone, files, entry.remarks, earlier=before)

    def message(self) -> bytes:
        """The job as a lane reads it."""
        return json.dumps({**asdict(self), "modules": None if self.modules is None else dict(self.modules)}).encode()
