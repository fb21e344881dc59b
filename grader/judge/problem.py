"""The mark that makes a test function a check."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal, TypeVar

import pytest

from grader.course.points import exact
from grader.errors import CourseError

Visibility = Literal["public", "hidden", "after_due"]
Function = TypeVar("Function", bound=Callable[..., Any])


@dataclass(frozen=True)
class Check:
    """What a check's author says of it.

    `needs` names problems ("2") or checks ("test_total_loss"): unless all of them passed, this check is `blocked`.
    `visibility` says when a student sees the details: always, never, or after the due date.
    `fresh` asks for a worker that has answered nothing before.
    """

    problem: str
    points: Fraction
    needs: tuple[str, ...]
    visibility: Visibility
    fresh: bool


def problem(
    id: str,
    *,
    points: int | str | Fraction = 0,
    needs: Sequence[str] = (),
    visibility: Visibility = "hidden",
    fresh: bool = False,
) -> Callable[[Function], Function]:
    """Marks a pytest function as a check of problem `id`. Its docstring is the line that the student sees.

    Raises CourseError when points are not exact and at least 0, or visibility is unknown.
    """
    try:
        worth = exact(points)
    except ValueError as error:
        raise CourseError(f"A check of problem {id!r}: {error}.") from None
    if worth < 0:
        raise CourseError(f"A check of problem {id!r}: points must not be negative, but are {worth}.")
    if visibility not in ("public", "hidden", "after_due"):
        raise CourseError(f"A check of problem {id!r}: visibility is public, hidden or after_due, not {visibility!r}.")
    if isinstance(needs, str):
        needs = (needs,)
    return pytest.mark.problem(Check(id, worth, tuple(needs), visibility, fresh))
