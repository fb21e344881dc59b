"""A result: what it says in one word, who may see what, and that its documentation is complete."""

import re
from fractions import Fraction
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from grader.judge.result import (
    Attempt,
    CheckResult,
    Diagnosis,
    Environment,
    Measurement,
    ProblemResult,
    Result,
    total,
)
from grader.judge.verdict import Verdict

DOCS = Path(__file__).parents[2] / "docs" / "result.md"

SECRETS = {"came": "came 42", "expected": "expected 42", "detail": "detail 42", "output": "output 42"}
ENVIRONMENT = Environment(
    grader="0",
    python="3",
    torch="2",
    numpy="2",
    platform="Linux",
    grading_seed="42",
    confinement="best",
    layers=("seccomp",),
)


def check(verdict: str = "failed", visibility: str = "hidden", points: Any = 0, **others: Any) -> CheckResult:
    known = {"id": "test_it", "problem": "1", "asked": "It.", "summary": "Wrong.", "hint": "Think.", "max_points": 1}
    return CheckResult(**{**known, **SECRETS, **others}, verdict=verdict, visibility=visibility, points=points)


def result(*checks: CheckResult) -> Result:
    return Result(
        assignment="hw7_tiny",
        submission="ada",
        source="/srv/secret/ada.zip",
        fingerprint="f",
        points=total(checks),
        max_points=len(checks),
        problems=(),
        checks=checks,
        environment=ENVIRONMENT,
        graded_at="2026-02-03T10:00:00+00:00",
        cpu_seconds=0,
        wall_seconds=0,
    )


@pytest.mark.parametrize(
    ("visibility", "after_due", "seen"),
    [
        ("public", False, True),
        ("public", True, True),
        ("hidden", False, False),
        ("hidden", True, False),
        ("after_due", False, False),
        ("after_due", True, True),
    ],
)
@pytest.mark.parametrize("verdict", [verdict for verdict in get_args(Verdict) if verdict != "grader_error"])
def test_visibility_decides_over_details_and_nothing_else(
    verdict: str, visibility: str, after_due: bool, seen: bool
) -> None:
    (shown,) = result(check(verdict, visibility, Fraction(1, 2))).for_student(after_due=after_due).checks
    assert all((text in shown.model_dump_json()) is seen for text in SECRETS.values())
    kept = {"summary": "Wrong.", "hint": "Think.", "asked": "It.", "points": Fraction(1, 2), "verdict": verdict}
    assert shown.model_dump(include=set(kept)) | {"points": shown.points} == kept


@pytest.mark.parametrize("visibility", ["public", "hidden", "after_due"])
def test_our_own_mistakes_are_for_staff(visibility: str) -> None:
    (shown,) = result(check("grader_error", visibility)).for_student(after_due=True).checks
    assert "42" not in shown.model_dump_json()
    assert shown.summary == "Wrong."


def test_a_student_learns_neither_the_seed_nor_our_folders() -> None:
    shown = result(check()).for_student()
    assert shown.environment.grading_seed is None
    assert shown.source == "ada.zip"
    assert "42" not in shown.model_dump_json()
    assert Result.model_validate_json(shown.model_dump_json()) == shown


@pytest.mark.parametrize(
    ("verdicts", "word"),
    [
        ([], "grader_error"),  # nothing was judged: never a pass
        (["passed"], "passed"),
        (["passed", "passed"], "passed"),
        (["passed", "failed"], "failed"),
        (["passed", "grader_error"], "grader_error"),
        (["invalid", "invalid"], "invalid"),
        (["missing", "blocked", "missing"], "missing"),
        (["timeout"], "timeout"),
        (["crashed", "blocked"], "crashed"),
        (["crashed", "missing"], "failed"),
        (["passed", "crashed"], "failed"),
        (["passed", "blocked"], "failed"),
        (["blocked"], "failed"),
    ],
)
def test_a_submission_in_one_word(verdicts: list[str], word: str) -> None:
    assert result(*(check(verdict) for verdict in verdicts)).verdict == word


def test_totals_are_exact() -> None:
    checks = tuple(check(points=Fraction(1, 3), problem=id) for id in "1112")
    assert total(checks) == Fraction(4, 3)
    assert total(checks, "1") == 1
    assert total(checks, "3") == 0


@pytest.mark.documents
@pytest.mark.parametrize("model", [Result, CheckResult, Diagnosis, Measurement, Attempt, ProblemResult, Environment])
def test_every_field_is_documented(model: type[BaseModel]) -> None:
    heading = {
        Result: "## The result",
        CheckResult: "### `checks",
        Diagnosis: "### `diagnosis",
        Measurement: "### `metrics",
        Attempt: "### `attempts",
        ProblemResult: "### `problems",
        Environment: "### `env",
    }
    section = DOCS.read_text().split(heading[model], 1)[1].split("\n#", 1)[0]
    documented = set(re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE))
    assert documented == set(model.model_fields)


@pytest.mark.documents
def test_every_verdict_is_documented() -> None:
    documented = re.findall(r"^\| `(\w+)` \|", DOCS.read_text().split("## The result")[0], re.MULTILINE)
    assert set(documented) == set(get_args(Verdict))
