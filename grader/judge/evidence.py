"""What a submission's failed checks looked like, for comparing it with known wrong solutions."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy as np

from grader.judge.verdict import Seen, Verdict
from grader.sandbox import wire
from grader.sandbox.replies import REPORTED
from grader.sandbox.wire import Array

RETURNED = "returned"  # where an exception was asked for
OTHER_FORM = "other form"  # an answer that the check could make nothing of
# How `Seen.came` begins where a call was to raise, or ended without an answer, and how it ends after a `raise`.
ENDINGS = (RETURNED, OTHER_FORM, *REPORTED)
RAISED_ON_PURPOSE = "on purpose"
MARGIN = 10.0  # how many tolerances a wrong answer must be away from the right one to tell anything

FORMAT = 6  # of encoded findings
Bearing = Literal["same", "nothing", "other"]
Trouble = Literal["", "retried", "ours", "disturbed"]
TROUBLES: tuple[Trouble, ...] = ("", "retried", "ours", "disturbed")  # the worst last


@dataclass(frozen=True)
class Evidence:
    """How one check ended: after how many questions, at which lines of the checks' files, and what it saw there.

    It is `stable` unless another start of the random streams changes it.
    """

    asked: int
    lines: tuple[str, ...]
    seen: Seen
    stable: bool = True

    def bearing(self, known: Evidence) -> Bearing:
        """What this answer says about a known wrong one: that it is the same, or another, or nothing."""
        if not known.stable:
            return "nothing"
        crashes = [item for item in (self, known) if item.crash]
        if crashes and self.asked == known.asked:
            return "same" if len(crashes) == 2 and _agree(self.seen.came, known.seen.came, 0, 0) else "nothing"
        same = self.place == known.place and _agree(self.seen.came, known.seen.came, known.seen.atol, known.seen.rtol)
        return "same" if same else "other"

    @property
    def place(self) -> tuple[int, tuple[str, ...]]:
        return self.asked, self.lines

    def comes_before(self, other: Evidence) -> bool:
        """Whether a check that ended here could not get to where `other` ended."""
        return self.asked < other.asked or (self.asked == other.asked and _numbers(self) < _numbers(other))

    @property
    def ending(self) -> str:
        """The kind of an answer that is none; "" for an answer."""
        came = self.seen.came
        return came[0] if isinstance(came, tuple) and came and came[0] in ENDINGS else ""

    @property
    def crash(self) -> bool:
        """Whether the code broke down rather than refuse: that has many causes, and hides the answer."""
        return self.ending not in ("", RETURNED) and self.seen.came[-1] != RAISED_ON_PURPOSE

    @property
    def telling(self) -> bool:
        """Whether hardly anybody gives this answer without making this mistake."""
        seen = self.seen
        if self.crash or not self.stable:
            return False
        return seen.expected is None or not _agree(seen.came, seen.expected, MARGIN * seen.atol, MARGIN * seen.rtol)


@dataclass(frozen=True)
class Findings:
    """One submission's checks: the verdict of each, and the evidence of those that failed on something seen.

    `trouble` says what kept them from being whole, and is not encoded: somebody ended a process, and what it was asked
    was asked again with success ("retried") or not ("disturbed"); or a check met a mistake of ours ("ours").
    """

    verdicts: Mapping[str, Verdict]
    evidence: Mapping[str, Evidence] = field(default_factory=dict)
    trouble: Trouble = ""

    def settled(self, again: Findings) -> Findings:
        """These findings, when other random streams led to `again`: what changed is marked as not stable."""
        evidence = {
            name: replace(item, stable=name in again.evidence and again.evidence[name].bearing(item) == "same")
            for name, item in self.evidence.items()
        }
        return replace(self, evidence=evidence, trouble=max(self.trouble, again.trouble, key=TROUBLES.index))

    def within(self, most_bytes: int) -> Findings:
        """These without the evidence of checks whose answers were too large to be kept, or of a kind that cannot be.

        What came may be a hostile submission's; without it, nothing is said of such a check.
        """
        kept, size = dict[str, Evidence](), 0
        for name, item in self.evidence.items():
            with suppress(wire.WireError):
                size += len(replace(self, evidence={name: item}).encode())
                if size > most_bytes:
                    break
                kept[name] = item
        some = replace(self, evidence=kept)
        try:
            some.encode()
        except wire.WireError:  # each can be kept, but not all in one frame
            return replace(self, evidence={})
        return some

    def encode(self) -> bytes:
        """As one frame of the wire format. Raises `wire.WireError` for answers that are together too large for one."""
        return wire.encode(self.content())

    def content(self) -> dict[str, Any]:
        """As plain values of the wire format."""
        evidence = {
            name: [
                item.asked,
                list(item.lines),
                seen.came,
                seen.expected,
                float(seen.atol),
                float(seen.rtol),
                item.stable,
            ]
            for name, item in self.evidence.items()
            for seen in [item.seen]
        }
        return {"verdicts": dict(self.verdicts), "evidence": evidence}

    @classmethod
    def decode(cls, frame: bytes) -> Findings:
        """Raises `wire.WireError`, KeyError, TypeError or ValueError when the frame is none of ours."""
        return cls.of_content(wire.decode(frame))

    @classmethod
    def of_content(cls, content: Any) -> Findings:
        """Raises KeyError, TypeError or ValueError when that is none of ours."""
        evidence = {
            name: Evidence(asked, tuple(lines), Seen(came, expected, atol, rtol), stable)
            for name, (asked, lines, came, expected, atol, rtol, stable) in content["evidence"].items()
        }
        return cls(content["verdicts"], evidence)


@dataclass(frozen=True)
class TwoDraws:
    """What the checks saw of one submission on both draws. `further` has only the checks that failed on the first."""

    first: Findings
    further: Findings

    @property
    def trouble(self) -> Trouble:
        return max(self.first.trouble, self.further.trouble, key=TROUBLES.index)

    def settled(self) -> TwoDraws:
        """The same; what is a matter of chance on the first draw is one on the other."""
        evidence = {
            name: replace(item, stable=name not in self.first.evidence or self.first.evidence[name].stable)
            for name, item in self.further.evidence.items()
        }
        return replace(self, further=replace(self.further, evidence=evidence))

    def encode(self) -> bytes:
        """As one frame of the wire format. Raises `wire.WireError` for answers that are together too large for one."""
        return wire.encode({"first": self.first.content(), "further": self.further.content()})

    @classmethod
    def decode(cls, frame: bytes) -> TwoDraws:
        """Raises `wire.WireError`, KeyError, TypeError or ValueError when the frame is none of ours."""
        content = wire.decode(frame)
        return cls(Findings.of_content(content["first"]), Findings.of_content(content["further"]))


def _numbers(evidence: Evidence) -> list[int]:
    return [int(line.rpartition(":")[2]) for line in evidence.lines]


def _agree(came: Any, other: Any, atol: float, rtol: float) -> bool:
    """Whether two observations are one within a tolerance; here NaN agrees with NaN, and infinity with infinity."""
    if isinstance(came, Array) and isinstance(other, Array):
        same = came.dtype == other.dtype and came.shape == other.shape
        return same and bool(np.isclose(came.data, other.data, rtol=rtol, atol=atol, equal_nan=True).all())
    if isinstance(came, float) and isinstance(other, float):
        return bool(np.isclose(came, other, rtol=rtol, atol=atol, equal_nan=True))
    if type(came) is not type(other):
        return False
    if isinstance(came, dict):
        return came.keys() == other.keys() and all(_agree(came[key], other[key], atol, rtol) for key in came)
    if isinstance(came, (list, tuple)):
        return len(came) == len(other) and all(
            _agree(one, two, atol, rtol) for one, two in zip(came, other, strict=True)
        )
    return bool(came == other)
