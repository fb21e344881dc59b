"""What students receive of HW0 is what the reference makes."""

from pathlib import Path

from grader.commands.build import stale, stubs_of
from grader.course.assignment import load_course

ASSIGNMENT = load_course(Path(__file__)).assignment("hw0")


def test_nothing_generated_is_stale() -> None:
    assert stale(ASSIGNMENT) == {}


def test_the_stub_holds_nothing_that_only_the_solution_has() -> None:
    (reference,) = ASSIGNMENT.sources(ASSIGNMENT.solution).values()
    (stub,) = stubs_of(ASSIGNMENT).values()
    solved = [part.split("### END SOLUTION")[0] for part in reference.split("### BEGIN SOLUTION")[1:]]
    lines = {line.strip() for region in solved for line in region.splitlines() if len(line.strip()) > 8}
    given = {line.strip() for line in stub.splitlines()}
    assert len(solved) == stub.count("raise NotImplementedError") == 10
    assert lines.isdisjoint(given)
