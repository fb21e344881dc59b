"""Limits in a small container: computing time decides as ever, and all of a submission fits the platform's time."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.course.assignment import load_course
from grader.gradescope.limits import GRADER_MB, RESERVE_S, limited, seconds
from grader.gradescope.settings import Settings
from grader.sandbox.limits import limits_of

REPOSITORY = Path(__file__).parents[2]
COURSE = load_course(REPOSITORY)


@pytest.mark.parametrize("homework", COURSE.names())
def test_loops_in_every_problem_end_within_the_platforms_time(homework: str) -> None:
    assignment, settings = COURSE.assignment(homework), Settings(homework=homework)
    limits = limits_of(limited(assignment, settings))
    problems = sum(problem.kind == "code" for problem in assignment.problems)
    assert problems * limits.problem_cpu_s / settings.cpus <= seconds(settings) <= 600 - RESERVE_S


@pytest.mark.parametrize("homework", COURSE.names())
def test_the_clock_never_ends_what_may_still_compute(homework: str) -> None:
    assignment, settings = COURSE.assignment(homework), Settings(homework=homework)
    limits = limits_of(limited(assignment, settings))
    assert limits.call_cpu_s == limits_of(assignment).call_cpu_s
    assert limits.call_wall_s * settings.cpus > limits.call_cpu_s
    assert limits.import_wall_s * settings.cpus > limits.import_cpu_s


def test_a_worker_has_what_the_container_has_left() -> None:
    assignment = COURSE.assignment("hw0")
    small, large = (limits_of(limited(assignment, Settings(homework="hw0", memory_mb=mb))) for mb in (768, 6000))
    assert small.memory_mb == 768 - GRADER_MB
    assert large == limits_of(limited(assignment, Settings(homework="hw0", memory_mb=6000)))
    assert large.memory_mb == limits_of(assignment).memory_mb


def test_a_container_with_time_and_a_processor_has_the_homeworks_own_limits() -> None:
    assignment = COURSE.assignment("hw0")
    large = Settings(homework="hw0", minutes=40, cpus=1, memory_mb=6000)
    assert limits_of(limited(assignment, large)) == limits_of(assignment)
