"""What one homework came to for everybody, as other systems take it: points after lateness, and where they are from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from pathlib import PurePath

from grader.book.explained import homework_explained
from grader.book.policy import Policy
from grader.book.rounding import rounded
from grader.book.standing import IN_TIME, Standing, Work, of_homework
from grader.errors import CourseError


@dataclass(frozen=True)
class Came:
    """One student's homework. `points` are what is left of `raw` after lateness, and `of` is what there was to earn.

    `at` is None where nobody knows when it was handed in. `submission` is how its result is called, or "". `lines` say
    how the points came about, as the student's page does.
    """

    points: Fraction
    raw: Fraction
    of: Fraction
    at: datetime | None
    submission: str
    lines: tuple[str, ...]


def came_to(policy: Policy, works: Mapping[str, tuple[Work, Standing]], homework: str) -> dict[str, Came]:
    """What the homework came to, by key. Who is excused, and who handed in nothing that can count, is left out."""
    found = dict[str, Came]()
    for key, (work, standing) in works.items():
        counted = of_homework(policy, work, standing, homework)
        if counted is None or counted.hand_in is None:
            continue
        hand_in = counted.hand_in
        found[key] = Came(
            points=hand_in.points * counted.kept,
            raw=hand_in.points,
            of=hand_in.of,
            at=None if hand_in.at == IN_TIME else hand_in.at,
            submission=PurePath(hand_in.source).stem,
            lines=tuple(homework_explained(policy, work, counted)),
        )
    return found


def to_earn(came: Mapping[str, Came], whole: Fraction) -> Fraction:
    """What there was to earn for everybody alike; `whole` where nobody handed in.

    Raises `CourseError` where it differs: then points say nothing in a system that knows one maximum.
    """
    several = {each.of for each in came.values()} or {whole}
    if len(several) > 1:
        told = ", ".join(rounded(of) for of in sorted(several))
        raise CourseError(
            f"What there was to earn differs between students ({told}). Mark all answers, or set unmarked = "
            '"nothing" in course.toml until then.'
        )
    return several.pop()
