"""What people gave a submission, as its page shows it beside the checks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from grader.course.points import decimal


@dataclass(frozen=True)
class Marked:
    """One question that a person marks. `says` are the items that apply; `open` is true as long as it has no points."""

    problem: str
    question: str
    title: str
    points: Fraction
    of: Fraction
    says: str = ""
    comment: str = ""
    open: bool = False

    @property
    def worth(self) -> str:
        """What it gave of what it gives."""
        return "not marked yet" if self.open else f"{decimal(self.points)} of {decimal(self.of)}"


def together(marked: Sequence[Marked]) -> str:
    """What all of them gave, in words; "" for none."""
    if not marked:
        return ""
    given, of = (
        sum(numbers, Fraction(0)) for numbers in zip(*((each.points, each.of) for each in marked), strict=True)
    )
    waiting = sum(each.open for each in marked)
    said = f"{decimal(given)} of {decimal(of)} points by hand"
    return f"{said}, {waiting} of {len(marked)} not marked yet" if waiting else said
