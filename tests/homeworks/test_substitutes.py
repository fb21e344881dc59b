"""What the reference has of each problem can stand in a submission."""

from grader.course.assignment import Assignment
from grader.judge.substitutes import Substitutes
from grader.sandbox.inline import InlineHost
from grader.sandbox.models import model_folders


def test_every_problem_can_be_given(assignment: Assignment) -> None:
    """Each by itself and all together, in place of the stub's, which has nothing to bring."""
    substitutes, stub = Substitutes(assignment), assignment.sources(assignment.folder)
    problems = [problem.id for problem in assignment.problems if problem.kind == "code"]
    for some in (*([each] for each in problems), problems):
        given = substitutes.of(some)
        assert given
        loaded = InlineHost(stub, "", model_folders(assignment), given=given).load()
        assert (loaded.outcome, dict(loaded.failed)) == ("returned", {})
    names = [name for part in substitutes.of(problems).values() for name in part.names]
    assert len(names) == len(set(names)) >= len(problems)
