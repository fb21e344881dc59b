"""Verdicts, what follows from each, and how a check ends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType
from typing import Any, Literal

from grader.errors import GraderError

Verdict = Literal["passed", "failed", "missing", "blocked", "timeout", "crashed", "invalid", "grader_error"]


@dataclass(frozen=True)
class Meaning:
    """What follows from a verdict.

    `charged`: what the check did not give is the student's loss. `blocks`: what needs this check is not asked.
    `final`: no matter of chance, so no further attempt is made. `wrong`: there was an answer, and it can be compared
    with known mistakes. `caught`: this check itself noticed that something is wrong. `asked`: the submission was asked.
    `ended`: the check came to its end, so what it says is of its own problem alone. `told`: it tells what its author
    understood. `style` is a terminal's.
    """

    charged: bool
    blocks: bool
    final: bool
    wrong: bool
    caught: bool
    asked: bool
    ended: bool
    told: bool
    style: str


def _meaning(follows: str, style: str) -> Meaning:
    words = follows.split()
    return Meaning(
        charged="charged" in words,
        blocks="blocks" in words,
        final="final" in words,
        wrong="wrong" in words,
        caught="caught" in words,
        asked="asked" in words,
        ended="ended" in words,
        told="told" in words,
        style=style,
    )


MEANING: Mapping[Verdict, Meaning] = MappingProxyType(
    {
        "passed": _meaning("asked ended told", "green"),
        "failed": _meaning("charged blocks wrong caught asked ended told", "red"),
        # What needs something that is missing is most likely missing too, and that is the better thing to say.
        "missing": _meaning("charged final caught asked ended told", "yellow"),
        "blocked": _meaning("charged blocks final told", "bright_black"),
        "timeout": _meaning("charged blocks final caught asked told", "magenta"),
        "crashed": _meaning("charged blocks final wrong caught asked told", "red"),
        "invalid": _meaning("charged final caught asked", "magenta"),
        "grader_error": _meaning("blocks final caught asked", "bold white on red"),
    }
)
WRONG: tuple[Verdict, ...] = tuple(verdict for verdict, meaning in MEANING.items() if meaning.wrong)


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


@dataclass(frozen=True)
class Passed:
    """A check ended without an objection."""


@dataclass(frozen=True)
class Blocked:
    """A check was not asked, because one that it needs did not pass. `root` is where what blocks it begins."""

    root: str


@dataclass(frozen=True)
class Broke:
    """A check broke down. Whether the answer or the check is to blame is not known yet."""

    account: str


Ending = Passed | Blocked | Broke | CheckEnded | GraderError
