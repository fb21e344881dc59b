"""Attempts that lie as numbered folders within one student's: `HW0/Version 2` of Teams, `2` of Submitty."""

from __future__ import annotations

import os
import re
from pathlib import Path

from grader.intake import names
from grader.intake.attempts import holds_code
from grader.intake.entry import Asked

_NUMBERED = re.compile(r"(?:(?:version|attempt|submission)[ _-]?)?(?P<number>\d{1,4})", re.IGNORECASE)
DEPTH, MOST = 4, 99


def latest_version(student: Path, asked: Asked) -> tuple[Path, str] | None:
    """The folder of a student's latest attempt that holds code, and what to say of it; None where there is but one.

    A student's folder holds attempts when nothing with code lies in it but numbered folders, at least two. Bare numbers
    count from 1, or they may be students.
    """
    place = student
    for _ in range(DEPTH):
        try:
            with os.scandir(place) as found:
                seen = [item for item in found if not names.is_skipped(item.name)]
                inside = [item.name for item in seen if item.is_dir(follow_symlinks=False)]
        except OSError:
            return None
        if any(asked.is_work(item.name) for item in seen if item.name not in inside):
            return None
        named = [name for name in inside if not name.isdigit()]
        numbers = {name: int(match["number"]) for name in inside if (match := _NUMBERED.fullmatch(name))}
        if not named and numbers and (min(numbers.values()) != 1 or max(numbers.values()) > MOST):
            return None  # numbers of students, perhaps
        if len(numbers) == len(inside) >= 2:
            ordered = sorted(numbers, key=lambda name: numbers[name])
            with_code = [name for name in ordered if holds_code(place / name, asked)]
            counts = (with_code or ordered)[-1]
            which = "latest" if counts == ordered[-1] else "latest with code"
            return place / counts, f"{len(ordered)} attempts: the {which} counts, {names.shown(counts)}"
        if len(inside) != 1:
            return None
        place /= inside[0]
    return None
