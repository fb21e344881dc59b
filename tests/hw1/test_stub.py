"""What students receive of HW1 is what the reference makes."""

from pathlib import Path

from grader.commands.build import stale, stubs_of
from grader.course.assignment import load_course

ASSIGNMENT = load_course(Path(__file__)).assignment("hw1")


def test_nothing_generated_is_stale() -> None:
    assert stale(ASSIGNMENT) == {}


def test_the_stubs_hold_nothing_that_only_the_solution_has() -> None:
    references, stubs = ASSIGNMENT.sources(ASSIGNMENT.solution), stubs_of(ASSIGNMENT)
    for module, functions in {"episodes": 3, "mann": 5}.items():
        solved = [part.split("### END SOLUTION")[0] for part in references[module].split("### BEGIN SOLUTION")[1:]]
        lines = {line.strip() for region in solved for line in region.splitlines() if len(line.strip()) > 8}
        given = {line.strip() for line in stubs[module].splitlines()}
        assert len(solved) == stubs[module].count("raise NotImplementedError") == functions
        assert lines.isdisjoint(given)
