"""Each test here is asked of every homework of the course."""

from pathlib import Path

import pytest

from grader.course.assignment import Assignment, load_course

COURSE = load_course(Path(__file__))


@pytest.fixture(params=COURSE.names())
def assignment(request: pytest.FixtureRequest) -> Assignment:
    return COURSE.assignment(request.param)
