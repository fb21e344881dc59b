"""What a submission's failed checks looked like, for comparing it with known wrong solutions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from grader.judge.compare import compare
from grader.judge.verdict import Mismatch, Seen, Verdict
from grader.sandbox import wire
from grader.sandbox.replies import REPORTED

OTHER_FORM = "other form"  # an answer that the check could make nothing of
# How `Seen.came` begins where a call was to raise, or ended without an answer, and how it ends after a `raise`.
ENDINGS = ("returned", OTHER_FORM, *REPORTED)
RAISED_ON_PURPOSE = "on purpose"
MARGIN = 10.0  # how many tolerances a wrong answer must be away from the right one to tell anything


@dataclass(frozen=True)
class Evidence:
    """How one check ended: after how many questions, at which lines of the checks' files, and what it saw there."""

    asked: int
    lines: tuple[str, ...]
    seen: Seen

    def agrees(self, other: Evidence) -> bool:
        """Whether this answer is `other`'s too, as far as the check can tell."""
        return self.place == other.place and _same(self.seen.came, other.seen)

    @property
    def place(self) -> tuple[int, tuple[str, ...]]:
        return self.asked, self.lines

    def comes_before(self, other: Evidence) -> bool:
        """Whether a check that ended here could not get to where `other` ended."""
        return self.asked < other.asked or (self.asked == other.asked and _numbers(self) < _numbers(other))

    @property
    def telling(self) -> bool:
        """Whether hardly anybody gives this answer without making this mistake.

        Not one that is close to the right one, and not an exception that Python itself raised: it has many causes.
        """
        came, seen = self.seen.came, self.seen
        if isinstance(came, tuple) and came and came[0] in ENDINGS:
            return bool(came[0] == "returned" or came[-1] == RAISED_ON_PURPOSE)
        return seen.expected is None or not _agree(came, seen.expected, MARGIN * seen.atol, MARGIN * seen.rtol)


@dataclass(frozen=True)
class Findings:
    """One submission's checks: the verdict of each, and the evidence of those that failed on something seen."""

    verdicts: Mapping[str, Verdict]
    evidence: Mapping[str, Evidence] = field(default_factory=dict)

    def encode(self) -> bytes:
        """As one frame of the wire format."""
        evidence = {
            name: [item.asked, list(item.lines), item.seen.came, item.seen.expected, item.seen.atol, item.seen.rtol]
            for name, item in self.evidence.items()
        }
        return wire.encode({"verdicts": dict(self.verdicts), "evidence": evidence})

    @classmethod
    def decode(cls, frame: bytes) -> Findings:
        """Raises `wire.WireError`, KeyError, TypeError or ValueError when the frame is none of ours."""
        content = wire.decode(frame)
        evidence = {
            name: Evidence(asked, tuple(lines), Seen(came, expected, float(atol), float(rtol)))
            for name, (asked, lines, came, expected, atol, rtol) in content["evidence"].items()
        }
        return cls(content["verdicts"], evidence)


def _numbers(evidence: Evidence) -> list[int]:
    return [int(line.rpartition(":")[2]) for line in evidence.lines]


def _same(came: Any, known: Seen) -> bool:
    return _agree(came, known.came, known.atol, known.rtol)


def _agree(came: Any, other: Any, atol: float, rtol: float) -> bool:
    """Whether two observations are one within a tolerance. Two that are both not finite count as different."""
    try:
        compare(came, other, atol=atol, rtol=rtol)
    except Mismatch:
        return False
    except Exception:  # not finite: nothing to compare with
        return False
    return True
