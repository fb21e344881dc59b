"""Results that are made up, with something of everything that a results.json can tell."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from grader.gradescope.metadata import Metadata
from grader.gradescope.results_json import About
from grader.judge.result import Attempt, CheckResult, Diagnosis, Environment, ProblemResult, Result

HOSTILE = "<script>alert(1)</script> **bold** \x1b[31m &amp; \u202e"
SECRET = "SECRET-INPUT"

METADATA = Metadata.model_validate(
    {
        "id": 123456,
        "created_at": "2027-03-05T21:10:00.365935-08:00",
        "assignment": {"due_date": "2027-03-05T23:59:00.000000-08:00", "title": "HW7", "total_points": "10.0"},
        "users": [{"email": "ada@uni.edu", "id": 1, "name": "Ada"}, {"email": "alan@uni.edu", "id": 2, "name": "Alan"}],
        "previous_submissions": [{"submission_time": "2027-03-04T14:24:48-08:00", "score": 1.0, "results": {}}],
    }
)
ABOUT = About("hw7", "Tiny", metadata=METADATA.told())
ENVIRONMENT = Environment(
    grader="0.2.0",
    python="3.11.7",
    torch="2.13.0",
    numpy="2.4.6",
    platform="Linux",
    grading_seed="9f86d081884c",
    confinement="best",
    layers=("user", "landlock", "seccomp"),
)


def check(id: str, verdict: str, points: Any, most: Any, visibility: str = "hidden", **more: Any) -> CheckResult:
    known = {"id": id, "problem": id[0], "asked": f"Question {id}.", "visibility": visibility, "verdict": verdict}
    return CheckResult.model_validate({**known, "points": points, "max_points": most, **more})


def everything() -> tuple[CheckResult, ...]:
    """A check for each verdict and each visibility."""
    hidden = {"came": SECRET, "expected": SECRET, "detail": SECRET, "output": SECRET}
    mistake = Diagnosis(mutant="sums", says="You added them.", hint="Divide by how many there are.", shown="always")
    return (
        check("1a", "passed", 0, 0, "public", output="epoch 1\n"),
        check("1b", "failed", 0, 0, "public", summary="The answer has other values.", came=HOSTILE, expected="2"),
        check("1c", "failed", "1/3", 1, summary="Half of it is right.", hint="Keep the shape.", **hidden),
        check(
            "1d", "failed", 0, 1, summary="The answer has other values.", diagnosis=mistake, hint="Any hint.", **hidden
        ),
        check("1e", "passed", "1/3", "1/3", **hidden),
        check("2a", "failed", 0, "3/2", "after_due", summary="Not this.", came="3", expected="2"),
        check("2b", "timeout", 0, 1, summary="It ran for more than 20 s.", cpu_seconds=20.1, **hidden),
        check("2c", "missing", 0, 1, summary="This is not implemented yet (tiny.py, line 3: `raise`)."),
        check("2d", "blocked", 0, 1, summary="This needs another check, which did not pass: Question 2b."),
        check("2e", "crashed", 0, 1, summary=f"It raised ValueError in your line 3: {HOSTILE}", **hidden),
        check(
            "2f", "passed", 1, 1, given="1", attempts=[Attempt(verdict="failed"), Attempt(verdict="passed")], **hidden
        ),
    )


def result(*checks: CheckResult, **more: Any) -> Result:
    """The result that these checks add up to. Problem 3 is graded by hand."""
    problems = [
        ProblemResult(
            id=id,
            title=f"Problem {id}",
            kind="code",
            points=sum((each.points for each in checks if each.problem == id), Fraction(0)),
            max_points=sum((each.max_points for each in checks if each.problem == id), Fraction(0)),
        )
        for id in sorted({each.problem for each in checks})
    ]
    by_hand = ProblemResult(id="3", title="Essay", kind="written", points=None, max_points=Fraction(4))
    values: dict[str, Any] = {
        "assignment": "hw7_tiny",
        "submission": "submission_123456",
        "source": "/autograder/submission",
        "fingerprint": "f00d",
        "points": sum((each.points for each in checks), Fraction(0)),
        "max_points": sum((each.max_points for each in checks), Fraction(0)),
        "notes": ("tiny.py: the byte order mark was taken out.",),
        "remarks": ("ask Alan too",),
        "problems": (*problems, by_hand),
        "checks": checks,
        "environment": ENVIRONMENT,
        "graded_at": "2027-03-06T05:10:00+00:00",
        "cpu_seconds": 21.0,
        "wall_seconds": 33.3,
    }
    return Result(**{**values, **more})
