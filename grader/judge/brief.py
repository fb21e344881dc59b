"""What a judge is given for one submission, and what it gives back."""

from __future__ import annotations

from dataclasses import dataclass

from grader.course.secret import Secret
from grader.errors import SandboxLost
from grader.intake import Submission
from grader.judge.evidence import Findings
from grader.judge.further import FIRST, Occasion
from grader.judge.result import Result


@dataclass(frozen=True)
class Brief:
    """One submission to judge, and everything that may differ from how the next one is judged.

    `seed` is that of hidden inputs; None: the session's. `shift` moves where random streams start in the submission's
    process. `asked` are the checks to put; None: all. With `substitutes`, what builds on a problem that went wrong is
    put again with the reference's part of that problem; it stands in place of the problems `given` from the beginning.
    `occasion` says whether this is a further draw.
    """

    submission: Submission
    seed: Secret | None = None
    shift: int = 0
    asked: frozenset[str] | None = None
    substitutes: bool = True
    given: frozenset[str] = frozenset()
    occasion: Occasion = FIRST


@dataclass(frozen=True)
class Judged:
    """What came of a brief. With `lost`, the sandbox is gone: somebody else has to judge this again."""

    result: Result
    findings: Findings
    lost: SandboxLost | None = None
