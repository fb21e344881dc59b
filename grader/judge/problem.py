"""The mark that makes a test function a check."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import pytest

from grader.course.points import exact
from grader.errors import CourseError

if TYPE_CHECKING:
    from grader.judge.retest import Retest

BUDGET_S = 2.0  # CPU seconds that right solutions may need for a check, unless it says otherwise
Visibility = Literal["public", "hidden", "after_due"]
Shown = Literal["always", "after_due", "staff"]
Function = TypeVar("Function", bound=Callable[..., Any])


@dataclass(frozen=True)
class Check:
    """What a check's author says of it.

    `needs` names problems ("2") or checks ("test_total_loss"): unless all of them passed, this check is `blocked`.
    `visibility` says when a student sees the details: always, never, or after the due date.
    `fresh` asks for a worker that has answered nothing before. `budget_s` is what correct solutions may need for it,
    in CPU seconds: `verify` fails when their median is above it, and one above `BUDGET_S` raises the limit on each
    question in proportion. `diagnosis` says when a student is told what the wrong answer looks like, and `of` whether
    values or gradients are compared.
    `retest` puts a check that may fail by chance again, with fresh inputs. `weights` are those of the homework's
    assignment.toml that its questions need: practice leaves it out where they are not installed.
    What goes wrong in a check that stands `alone` shows in no other, such as one of several formulas: its mistake is
    named whatever else went wrong in the problem.
    """

    problem: str
    points: Fraction
    needs: tuple[str, ...]
    visibility: Visibility
    fresh: bool
    budget_s: float
    diagnosis: Shown = "always"
    of: Literal["values", "gradients"] = "values"
    retest: Retest | None = None
    weights: tuple[str, ...] = ()
    alone: bool = False


def problem(
    id: str,
    *,
    points: int | str | Fraction = 0,
    needs: Sequence[str] = (),
    visibility: Visibility = "hidden",
    fresh: bool = False,
    budget_s: float = BUDGET_S,
    diagnosis: Shown = "always",
    of: Literal["values", "gradients"] = "values",
    retest: Retest | None = None,
    weights: Sequence[str] = (),
    alone: bool = False,
) -> Callable[[Function], Function]:
    """Marks a pytest function as a check of problem `id`. Its docstring is the line that the student sees.

    Raises CourseError when points are not exact and at least 0, visibility is unknown, or the budget is not positive.
    """
    try:
        worth = exact(points)
    except ValueError as error:
        raise CourseError(f"A check of problem {id!r}: {error}.") from None
    if worth < 0:
        raise CourseError(f"A check of problem {id!r}: points must not be negative, but are {worth}.")
    if visibility not in ("public", "hidden", "after_due"):
        raise CourseError(f"A check of problem {id!r}: visibility is public, hidden or after_due, not {visibility!r}.")
    if isinstance(budget_s, bool) or not isinstance(budget_s, (int, float)) or not 0 < budget_s < math.inf:
        raise CourseError(f"A check of problem {id!r}: budget_s is CPU seconds, more than 0, not {budget_s!r}.")
    if diagnosis not in ("always", "after_due", "staff"):
        raise CourseError(f"A check of problem {id!r}: diagnosis is always, after_due or staff, not {diagnosis!r}.")
    if of not in ("values", "gradients"):
        raise CourseError(f"A check of problem {id!r}: it is of values or gradients, not {of!r}.")
    if retest is not None and visibility == "public":
        raise CourseError(f"A check of problem {id!r}: a public check is asked the same each time; no retest for it.")
    if isinstance(needs, str):
        needs = (needs,)
    if isinstance(weights, str):
        weights = (weights,)
    return pytest.mark.problem(
        Check(
            id,
            worth,
            tuple(needs),
            visibility,
            fresh,
            float(budget_s),
            diagnosis=diagnosis,
            of=of,
            retest=retest,
            weights=tuple(weights),
            alone=alone,
        )
    )


def needed(need: str, checks: Mapping[str, Check]) -> list[str]:
    """Names of the checks that `need` (a check or a problem) stands for."""
    return (
        [need]
        if need in checks
        else [name for name, check in checks.items() if check.problem == need and check.points > 0]
    )
