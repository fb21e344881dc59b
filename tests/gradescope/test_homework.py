"""HW0 on the platform: the grades of `grade`, and a handful of attacks. `measure_platform.py` does all of both."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from grader.batch.class_run import Job, grade
from grader.course.assignment import Assignment, load_course
from grader.gradescope.archive import archive_files, zipped
from grader.gradescope.settings import Settings
from grader.intake import Asked, look_through
from grader.judge.result import Result
from grader.sandbox.forked import Sandbox

HERE = Path(__file__).parent
REPOSITORY = HERE.parents[1]
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
def archive(place: Path, local_platform: ModuleType, assignment: Assignment) -> Path:
    """The archive without known mistakes, which change no points and take a minute to look at; and without a trial."""
    settings = Settings(homework=assignment.name, trial=False)
    path = place / "hw0.zip"
    path.write_bytes(zipped(archive_files(load_course(REPOSITORY), assignment, settings, [])))
    return path


def test_the_platform_gives_the_grades_that_grade_gives(
    archive: Path,
    local_platform: ModuleType,
    measure: ModuleType,
    assignment: Assignment,
    place: Path,
    sandbox: Sandbox,
) -> None:
    """And reads a download for graders back as the same submissions."""

    def grades(assignment: Assignment, download: Path, secret: str) -> dict[str, Result]:
        jobs = [Job.of(entry) for entry in look_through(download, Asked.of(assignment)).entries]
        return {job.name: result for job, result in grade(jobs, assignment, secret, sandbox=sandbox)}

    image, seed = local_platform.Platform.built(archive, place), load_course(REPOSITORY).grading_seed
    lines = list(measure.same_grades(image, assignment, seed, place, SUBMISSIONS, grades))
    assert len(lines) == SUBMISSIONS
    assert [line for line in lines if not line.startswith("same ")] == []


def test_attacks_gain_nothing_on_the_platform(archive: Path) -> None:
    """They know where everything lies; secrets lie in the reference, in a check and in the folder beside.

    In a process of its own, which looks for what they leave behind.
    """
    command = [
        sys.executable,
        str(HERE / "measure_platform.py"),
        "attacks",
        *ATTACKS,
        "--archive",
        str(archive),
        "--cpus",
        "0",
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=900, cwd="/", check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{len(ATTACKS)} attacks, 0 of which gained something." in done.stdout
