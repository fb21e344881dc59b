"""What known mistakes look like, in the archive: found when it is made, so that no wrong solution's source is in it.

A finding is what the checks saw of a known mistake on the course's seed. It was seen on another processor than the
platform's, whose numbers differ in their last digits; it is compared within the tolerance of each check, as ever.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from grader.batch.known import KnownMistakes
from grader.course.assignment import Assignment
from grader.course.secret import Secret
from grader.errors import CourseError
from grader.judge.specimen import Specimen

NAME = "mistakes.json"
FOLDER = "mistakes"


def packed(wrongs: Sequence[tuple[Specimen, bytes]]) -> dict[str, bytes]:
    """The files of these mistakes: what is said of each, and what was seen of each."""
    told = json.dumps([mistake.said() for mistake, _ in wrongs], indent=1, sort_keys=True)
    return {NAME: told.encode(), **{f"{FOLDER}/{mistake.name}.frame": frame for mistake, frame in wrongs}}


def unpacked(source: Path, assignment: Assignment, secret: Secret) -> list[Specimen]:
    """The mistakes of the archive, made known to the grader: it finds what it would otherwise have to judge.

    What cannot be read as a finding is left out: it names nothing, and changes no points. Raises `CourseError` where
    the files are not there.
    """
    try:
        said = json.loads((source / NAME).read_bytes())
        mistakes = [Specimen(**each, modules={}) for each in said]
        known = KnownMistakes(assignment, mistakes, secret, frozenset())
        for mistake in known.missing():
            known.learn(mistake.name, (source / FOLDER / f"{mistake.name}.frame").read_bytes())
    except OSError as error:
        raise CourseError(f"{source}: the known mistakes cannot be read ({error}). Make the archive anew.") from None
    damaged = {mistake.name for mistake in KnownMistakes(assignment, mistakes, secret, frozenset()).missing()}
    return [mistake for mistake in mistakes if mistake.name not in damaged]
