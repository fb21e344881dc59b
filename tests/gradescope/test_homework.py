"""HW0 on the platform: the grades of `grade`, and a handful of attacks. `measure.py` does the whole of both."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from grader.batch.class_run import Job, grade
from grader.course.assignment import Assignment, load_course
from grader.gradescope.archive import archive_files, zipped
from grader.gradescope.settings import Settings
from grader.intake import Asked, look_through
from grader.judge.result import Result
from grader.sandbox.forked import Sandbox

REPOSITORY = Path(__file__).parents[2]
SUBMISSIONS = 5
ATTACKS = (
    "reads_the_solutions",
    "tampers_with_the_solutions",
    "replaces_the_worker",
    "signals_others",
    "never_returns",
)


@pytest.fixture(scope="module")
def assignment() -> Assignment:
    return load_course(REPOSITORY).assignment("hw0")


@pytest.fixture(scope="module")
def image(place: Path, local_platform: ModuleType, assignment: Assignment) -> Any:
    """The archive without known mistakes, which change no points and take a minute to look at; and without a trial."""
    settings = Settings(homework=assignment.name, trial=False)
    archive = place / "hw0.zip"
    archive.write_bytes(zipped(archive_files(load_course(REPOSITORY), assignment, settings, [])))
    return local_platform.Platform.built(archive, place)


def test_the_platform_gives_the_grades_that_grade_gives(
    image: Any, measure: ModuleType, assignment: Assignment, place: Path, sandbox: Sandbox
) -> None:
    """And reads a download for graders back as the same submissions."""

    def grades(assignment: Assignment, download: Path, secret: str) -> dict[str, Result]:
        jobs = [Job.of(entry) for entry in look_through(download, Asked.of(assignment)).entries]
        return {job.name: result for job, result in grade(jobs, assignment, secret, sandbox=sandbox)}

    seed = load_course(REPOSITORY).grading_seed
    lines = list(measure.same_grades(image, assignment, seed, place, SUBMISSIONS, grades))
    assert len(lines) == SUBMISSIONS
    assert [line for line in lines if not line.startswith("same ")] == []


def test_attacks_gain_nothing_on_the_platform(image: Any, measure: ModuleType, assignment: Assignment) -> None:
    """They know where everything lies; secrets lie in the reference, in a check and in the folder beside."""
    measure.shorten(image, assignment)
    faults, base, count = list[str](), None, 0
    for name, run in measure.attacked(image, ATTACKS, assignment):
        base = base or run
        faults += measure.attack_faults(name, run, base)
        count += 1
    assert faults == []
    assert count == len(ATTACKS) + 1
    assert 0 < base.results["score"] < 40  # type: ignore[union-attr]  # there was something to gain
