"""Two gradings of one class are compared grade by grade."""

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from grader.cli import main
from grader.course.points import decimal
from grader.errors import CourseError
from grader.judge.result import Diagnosis, Result
from grader.report.files import write_result
from grader.report.regraded import regraded

House = Any  # tests/conftest.py


def folder(place: Path, *results: Result) -> Path:
    for result in results:
        write_result(place, result)
    return place


def compared(before: Path, after: Path) -> tuple[int, str]:
    done = CliRunner().invoke(main, ["compare", str(before), str(after)], catch_exceptions=False)
    return done.exit_code, done.output


def test_the_same_grades_are_no_difference_whatever_else_differs(house: House, tmp_path: Path) -> None:
    half = house.but("def twice(x):\n    return x if x.ndim == 0 else 2 * x\n")
    one, two = (folder(tmp_path / name, *house.judge(half, house.reference)) for name in ("one", "two"))
    assert compared(one, two) == (0, "2 submissions compared, 0 differences.\n")


def test_every_difference_of_a_grade_is_told(house: House, tmp_path: Path) -> None:
    right, wrong, gone = house.judge(
        house.reference, house.but("def mean(values):\n    return values.sum()\n"), house.reference
    )
    known = Diagnosis(mutant="sums", says="You summed.", hint="", shown="always")
    named = wrong.model_copy(
        update={"checks": tuple(each.model_copy(update={"diagnosis": known}) if each.verdict == "failed" else each
                                for each in wrong.checks)}
    )  # fmt: skip
    before = folder(tmp_path / "before", right, wrong, gone)
    after = folder(tmp_path / "after", right.model_copy(update={"checks": wrong.checks, "points": wrong.points}), named)
    count, found = regraded(before, after)
    assert count == 2
    assert found[0] == f"student_2: only in {before}"
    assert found[1] == "student_0: 5.5 points, then 3"
    failed = [check.id for check in wrong.checks if check.verdict == "failed"]
    worth = next(check.max_points for check in wrong.checks if check.id == failed[0])
    assert f"student_0: {failed[0]}: passed with {decimal(worth)}, then failed with 0" in found
    assert f"student_1: {failed[0]}: failed with 0, then failed as sums with 0" in found
    assert compared(before, after) == (1, "\n".join([*found, f"2 submissions compared, {len(found)} differences.\n"]))


def test_a_submission_that_was_not_graded_is_compared_too(house: House, tmp_path: Path) -> None:
    (right,) = house.judge(house.reference)
    ours = right.model_copy(
        update={"checks": tuple(check.model_copy(update={"verdict": "grader_error"}) for check in right.checks)}
    )
    count, found = regraded(folder(tmp_path / "before", right), folder(tmp_path / "after", ours))
    assert count == 1
    assert len(found) == len(right.checks)


def test_a_folder_without_results_is_refused(house: House, tmp_path: Path) -> None:
    (right,) = house.judge(house.reference)
    with pytest.raises(CourseError, match=r"nowhere: holds no results\."):
        regraded(folder(tmp_path / "before", right), tmp_path / "nowhere")
