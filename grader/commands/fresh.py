"""`fresh`: grade right solutions on many seeds that nothing else uses."""

from __future__ import annotations

import json
import time

from rich.console import Console

from grader.atomic import write_atomically
from grader.course.assignment import Assignment, Course
from grader.proof.fresh import SEEDS, right_on_fresh_seeds
from grader.report.fresh import fresh_tables
from grader.report.terminal import wide_console
from grader.sandbox.models import preload_of


def grade_right_solutions(
    course: Course,
    assignment: Assignment,
    seeds: int = SEEDS,
    lanes: int | None = None,
    console: Console | None = None,
    *,
    shared: bool = False,
) -> bool:
    """Prints how often right solutions fail and what they reach, and says whether none failed.

    Every grading goes to `results/fresh/<homework>.json`. Raises `WeightsError` where weights are missing.
    """
    preload_of(assignment)
    console = console or wide_console()
    said = time.monotonic()

    def progress(left: int) -> None:
        nonlocal said
        if time.monotonic() - said > 60:
            said = time.monotonic()
            console.print(f"{left} gradings to come", highlight=False)

    found = right_on_fresh_seeds(assignment, seeds, lanes, progress, shared=shared)
    console.print(fresh_tables(found))
    path = course.folder / "results" / "fresh" / f"{assignment.name}.json"
    content = {right.specimen: [each.model_dump(mode="json") for each in right.gradings] for right in found}
    write_atomically(path, (json.dumps(content) + "\n").encode())
    console.print(f"all of them are in {path}", highlight=False, soft_wrap=True)
    return not any(right.failed for right in found)
