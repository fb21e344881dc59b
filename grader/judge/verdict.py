"""Verdicts, and how a check ends."""

from __future__ import annotations

from fractions import Fraction
from typing import Literal

Verdict = Literal["passed", "failed", "missing", "blocked", "timeout", "crashed", "invalid", "grader_error"]


class CheckEnded(Exception):
    """Ends a check with a verdict.

    `summary` and `hint` are for the student whatever the check's visibility, so they must not reveal hidden inputs
    or expected values. `came`, `expected` and `detail` may, and are shown with them only where visibility allows.
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
    ) -> None:
        super().__init__(summary)
        self.verdict: Verdict = verdict
        self.summary = summary
        self.came = came
        self.expected = expected
        self.hint = hint
        self.detail = detail
        self.credit = credit

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

    def __init__(self, summary: str, *, came: str = "", expected: str = "", hint: str = "") -> None:
        super().__init__("failed", summary, came=came, expected=expected, hint=hint)
