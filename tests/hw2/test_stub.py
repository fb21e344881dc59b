"""What students receive of HW2 is what the reference makes."""

from pathlib import Path

from grader.commands.build import stale, stubs_of
from grader.course.assignment import load_course

ASSIGNMENT = load_course(Path(__file__)).assignment("hw2")


def test_nothing_generated_is_stale() -> None:
    assert stale(ASSIGNMENT) == {}


def test_the_stubs_hold_nothing_that_only_the_solution_has() -> None:
    references, stubs = ASSIGNMENT.sources(ASSIGNMENT.solution), stubs_of(ASSIGNMENT)
    assert {module: stub.count("raise NotImplementedError") for module, stub in stubs.items()} == {
        "protonet": 3,
        "maml": 7,
    }
    given = {line.strip() for stub in stubs.values() for line in stub.splitlines()}
    for reference in references.values():
        solved = [part.split("### END SOLUTION")[0] for part in reference.split("### BEGIN SOLUTION")[1:]]
        lines = {line.strip() for region in solved for line in region.splitlines() if len(line.strip()) > 8}
        assert lines.isdisjoint(given)
