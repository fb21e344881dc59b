"""What students receive of every homework is what its reference makes."""

from grader.commands.build import stale, stubs_of
from grader.course.assignment import Assignment


def test_nothing_generated_is_stale(assignment: Assignment) -> None:
    assert stale(assignment) == {}


def test_the_stubs_hold_nothing_that_only_the_solution_has(assignment: Assignment) -> None:
    stubs = stubs_of(assignment)
    given = {line.strip() for stub in stubs.values() for line in stub.splitlines()}
    for module, reference in assignment.sources(assignment.solution).items():
        solved = [part.split("### END SOLUTION")[0] for part in reference.split("### BEGIN SOLUTION")[1:]]
        lines = {line.strip() for region in solved for line in region.splitlines() if len(line.strip()) > 8}
        asked = [region for region in solved if "### STUB:" not in region]  # what has a stub of its own says so itself
        assert len(asked) == stubs[module].count("raise NotImplementedError") > 0
        assert lines.isdisjoint(given)
