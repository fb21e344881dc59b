"""The course's rules for grades, as the table `[book]` of course.toml has them.

    [book]
    zone = "Europe/Zurich"        # due dates are wall-clock times there
    grace_minutes = 15            # after a due date, before a day counts as late
    most_late_days = 3            # on one homework
    lost_per_day = "1/4"          # of the points, for each day that no late day covers; "1" refuses what is later
    counts = "last"               # which hand-in counts: the "last", the "best" for the whole grade, or "last before"
    until_days = 7                # "last before" what: so many days after the due date; dates may stand in [book.until]
    unmarked = "nothing"          # what a written answer counts until it is marked: "nothing", or "left out" so far
    drops = 1                     # so many homeworks, the lowest, do not count
    replaces = "hw4_bayes"        # this optional homework takes the place of a part of another group, if that helps

    [book.due]
    hw0_multitask = 2027-02-12T23:59:00

    [[book.project]]
    name = "proposal"
    points = 10
    weight = "5/100"

What the homeworks weigh, and how many late days there are in all, stands beside it in course.toml.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from grader.course.assignment import Course, Homework
from grader.course.points import Points
from grader.errors import CourseError

LAST_BEFORE, LEFT_OUT = "last before", "left out"
Strict = ConfigDict(extra="forbid", frozen=True)
Share = Annotated[Points, Field(ge=0, le=1)]


class ProjectPart(BaseModel):
    """One part of the project. `weight` is its share of the course grade."""

    model_config = Strict
    name: Annotated[str, Field(min_length=1)]
    points: Annotated[Points, Field(gt=0)]
    weight: Share


class Policy(BaseModel):
    """All rules that turn scores and dates into a grade."""

    model_config = Strict
    homeworks: Annotated[tuple[Homework, ...], Field(min_length=1)]
    late_days: Annotated[int, Field(strict=True, ge=0)]
    zone: str = "UTC"
    grace_minutes: Annotated[int, Field(strict=True, ge=0, lt=24 * 60)] = 0
    most_late_days: Annotated[int, Field(strict=True, ge=0)] | None = None
    lost_per_day: Share = Fraction(1)
    counts: Literal["last", "best", "last before"] = "last"
    until_days: Annotated[int, Field(strict=True, ge=0)] | None = None
    until: Mapping[str, datetime] = {}
    unmarked: Literal["nothing", "left out"] = "nothing"
    drops: Annotated[int, Field(strict=True, ge=0)] = 0
    replaces: str = ""
    due: Mapping[str, datetime] = {}
    project: tuple[ProjectPart, ...] = ()

    @field_validator("zone")
    @classmethod
    def zone_is_known(cls, zone: str) -> str:
        try:
            ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError(f"{zone!r} is no time zone. Write one such as 'Europe/Zurich' or 'UTC'") from None
        return zone

    @field_validator("due", "until")
    @classmethod
    def due_dates_are_of_the_wall_clock(cls, due: Mapping[str, datetime]) -> Mapping[str, datetime]:
        if offset := [name for name, at in due.items() if at.tzinfo is not None]:
            raise ValueError(f"{offset[0]}: leave the offset out. A due date is what a clock in `zone` shows")
        return due

    @model_validator(mode="after")
    def adds_up(self) -> Policy:
        names = [homework.name for homework in self.homeworks]
        for name in (*self.due, *self.until, *([self.replaces] if self.replaces else [])):
            if name not in names:
                raise ValueError(f"{name!r} is no homework of the course. There are {', '.join(names)}")
        for twice in (names, [part.name for part in self.project]):
            if len(set(twice)) < len(twice):
                raise ValueError(f"{next(name for name in twice if twice.count(name) > 1)!r} is there twice")
        if self.drops and self.drops >= len(self.graded):
            raise ValueError(f"drops: {self.drops} of {len(self.graded)} homeworks cannot be dropped: one has to count")
        self.ends_are_clear()
        optional = [homework.name for homework in self.homeworks if homework.optional]
        if set(optional) - {self.replaces}:
            name = sorted(set(optional) - {self.replaces})[0]
            raise ValueError(f"{name!r} is optional, and nothing says what it does. Name it in `replaces`")
        if self.replaces and self.replaces not in optional:
            raise ValueError(f"{self.replaces!r} replaces others, so it must be optional")
        if (whole := sum((self.homework_weight, self.project_weight), Fraction(0))) != 1:
            raise ValueError(f"homeworks and project weigh {whole} together, not 1")
        return self

    def ends_are_clear(self) -> None:
        """Raises ValueError if "last before" does not say before what, or an end that nothing uses is given."""
        if self.counts != LAST_BEFORE:
            if self.until or self.until_days is not None:
                raise ValueError(f'until: ends are only used by counts = "{LAST_BEFORE}". Remove them, or count so')
            return
        by_days = set(self.due) if self.until_days is not None else set()
        if open_ended := [each.name for each in self.homeworks if each.name not in {*self.until, *by_days}]:
            raise ValueError(
                f'counts is "{LAST_BEFORE}", and nothing says before what for {open_ended[0]}. Give `until_days` and a '
                "due date, or a date in [book.until]"
            )
        if early := [name for name, at in self.until.items() if name in self.due and at < self.due[name]]:
            raise ValueError(f"until: {early[0]} ends before it is due. Correct one of the two dates")

    @property
    def graded(self) -> tuple[Homework, ...]:
        """The homeworks that everybody has to do."""
        return tuple(homework for homework in self.homeworks if not homework.optional)

    @property
    def homework_weight(self) -> Fraction:
        """What these weigh together."""
        return sum((homework.weight for homework in self.graded), Fraction(0))

    @property
    def project_weight(self) -> Fraction:
        """What all parts of the project weigh together."""
        return sum((part.weight for part in self.project), Fraction(0))

    @property
    def replacement(self) -> Fraction:
        """What the optional homework weighs where it replaces something; 0 where there is none."""
        return next((homework.weight for homework in self.homeworks if homework.name == self.replaces), Fraction(0))

    @property
    def most_on_one(self) -> int:
        """How many late days one homework may take."""
        return self.late_days if self.most_late_days is None else min(self.most_late_days, self.late_days)


def policy_of(course: Course) -> Policy:
    """The rules of a course. Raises `CourseError`: the file, the key and the fault."""
    path: Path = course.folder / "course.toml"
    if not course.book:
        raise CourseError(f"{path}: has no table [book], which says how grades are made. Add it: see docs/book.md.")
    try:
        return Policy.model_validate({**course.book, "homeworks": course.homeworks, "late_days": course.late_days})
    except ValidationError as error:
        faults = "; ".join(
            f"{'.'.join(['book', *map(str, e['loc'])])}: {e['msg'].removeprefix('Value error, ')}"
            for e in error.errors()
        )
        raise CourseError(f"{path}: {faults}.") from None
