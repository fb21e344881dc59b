"""Verdicts, and how a check ends."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

Verdict = Literal["passed", "failed", "missing", "blocked", "timeout", "crashed", "invalid", "grader_error"]


@dataclass(frozen=True)
class Seen:
    """What a check looked at when it ended: observations as the wire has them, and the tolerance that was allowed.

    `expected` is None where a property was asked for and not a value. Two submissions that end one check at one place
    with the same `came` did the same thing, as far as this check can tell.
    """

    came: Any
    expected: Any = None
    atol: float = 0.0
    rtol: float = 0.0


class CheckEnded(Exception):
    """Ends a check with a verdict.

    `summary` and `hint` are for the student whatever the check's visibility, so they must not reveal hidden inputs
    or expected values. `came`, `expected` and `detail` may, and are shown with them only where visibility allows.
    `file` names the file that cannot be imported or read, or is not there, where that ended the check.
    """

    def __init__(
        self,
        verdict: Verdict,
        summary: str,
        *,
        came: str = "",
        expected: str = "",
        hint: str = "",
        detail: str = "",
        credit: Fraction = Fraction(0),
        seen: Seen | None = None,
        file: str = "",
    ) -> None:
        super().__init__(summary)
        self.verdict: Verdict = verdict
        self.summary = summary
        self.came = came
        self.expected = expected
        self.hint = hint
        self.detail = detail
        self.credit = credit
        self.seen = seen
        self.file = file

    def __str__(self) -> str:
        parts = [f"{self.verdict}: {self.summary}"]
        parts += [
            f"{label}: {text}"
            for label, text in (
                ("came", self.came),
                ("expected", self.expected),
                ("detail", self.detail),
                ("try", self.hint),
            )
            if text
        ]
        return "\n".join(parts)


class Mismatch(CheckEnded, AssertionError):
    """An answer is not what was asked for."""

    def __init__(
        self, summary: str, *, came: str = "", expected: str = "", hint: str = "", seen: Seen | None = None
    ) -> None:
        super().__init__("failed", summary, came=came, expected=expected, hint=hint, seen=seen)
