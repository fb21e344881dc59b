"""Each test here is asked of every homework of the course, without a list: a new homework is tested as soon as it lies
in its folder. What only some homeworks have, such as an experiment, is found in their assignment.toml."""

from pathlib import Path

import pytest

from grader.course.assignment import Assignment, load_course

COURSE = load_course(Path(__file__))
WITH_EXPERIMENT = [
    homework.name
    for homework in map(COURSE.assignment, COURSE.names())
    if any(problem.kind == "experiment" for problem in homework.problems)
]


@pytest.fixture(params=COURSE.names())
def assignment(request: pytest.FixtureRequest) -> Assignment:
    return COURSE.assignment(request.param)


@pytest.fixture(params=WITH_EXPERIMENT)
def with_experiment(request: pytest.FixtureRequest) -> Assignment:
    """A homework that has an experiment: a problem of this kind, and the script experiment.py."""
    return COURSE.assignment(request.param)
