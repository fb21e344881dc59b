"""class.csv is the class's, whoever graded whom and when; no run drops a row or mixes what cannot be compared."""

import csv
from pathlib import Path
from typing import Any

import pytest

from grader.course.assignment import load_course
from grader.errors import ResultsError
from grader.intake import PassedOver
from grader.report.class_file import write_class, write_passed_over
from grader.report.earlier import Earlier, earlier, refuse_mixing
from grader.report.files import write_result

TINY = Path(__file__).parents[1] / "courses" / "tiny"


def rows(folder: Path) -> dict[str, dict[str, str]]:
    with (folder / "class.csv").open(newline="") as file:
        return {row["submission"]: row for row in csv.DictReader(file)}


def run(folder: Path, *results: Any, waiting: tuple[str, ...] = ()) -> dict[str, dict[str, str]]:
    """What a run leaves in a folder that graded these."""
    before = earlier(folder)
    for each in results:
        write_result(folder, each)
    write_class(folder / "class.csv", results, waiting, before)
    return rows(folder)


def test_who_is_graded_again_is_replaced_and_all_others_stay(tmp_path: Path, made_up: Any) -> None:
    run(tmp_path, made_up("ada"), made_up("bob", 0, "failed"))
    seen = run(tmp_path, made_up("bob", 2), made_up("carol", 1))
    assert {name: (row["points"], row["run"], row["remark"]) for name, row in seen.items()} == {
        "ada": ("6", "earlier", ""),
        "bob": ("4", "this", ""),
        "carol": ("2", "this", ""),
    }
    assert list(seen) == sorted(seen)


@pytest.mark.parametrize(
    ("then", "says"),
    [
        ({"environment": {"grading_seed": "8"}}, "graded with another seed"),
        ({"environment": {"grader": "0.0.9"}}, "graded by version 0.0.9 of the grader"),
        ({"environment": {"torch": "2.14.0"}}, "graded with PyTorch 2.14.0"),
        ({"problems": "1"}, "graded on other problems (1)"),
        ({"checks": ()}, "graded by other checks"),
    ],
)
def test_a_grade_that_cannot_be_compared_says_so(tmp_path: Path, then: dict[str, Any], says: str, made_up: Any) -> None:
    run(tmp_path, made_up("ada", **then))
    seen = run(tmp_path, made_up("bob"))
    assert seen["ada"]["remark"].startswith(says)
    assert "grade it again" in seen["ada"]["remark"]
    assert seen["bob"]["remark"] == ""


def test_columns_are_of_all_problems_and_none_is_shifted(tmp_path: Path, made_up: Any) -> None:
    run(tmp_path, made_up("ada", problems="2"))
    seen = run(tmp_path, made_up("bob", problems="123"))
    assert [seen["ada"][f"problem {id}"] for id in "123"] == ["", "3", ""]
    assert [seen["bob"][f"problem {id}"] for id in "123"] == ["3", "3", "3"]


def test_who_was_not_reached_stays_in_the_class_until_somebody_grades_him(tmp_path: Path, made_up: Any) -> None:
    run(tmp_path, made_up("ada"), waiting=("bob", "carol"))
    assert rows(tmp_path)["bob"]["remark"] == "this run ended before its turn"
    seen = run(tmp_path, made_up("carol"))
    assert {name: row["verdict"] for name, row in seen.items()} == {"ada": "passed", "bob": "", "carol": "passed"}
    assert seen["bob"]["remark"] == "no run came to it yet"
    assert run(tmp_path, made_up("bob"))["bob"]["verdict"] == "passed"


def test_a_run_that_is_stopped_keeps_earlier_grades(tmp_path: Path, made_up: Any) -> None:
    run(tmp_path, made_up("ada"), made_up("bob", 1))
    seen = run(tmp_path, made_up("ada"), waiting=("bob",))
    assert seen["bob"]["points"] == "2"
    assert "ended before its turn; this grade is of an earlier run" in seen["bob"]["remark"]


def test_who_could_not_be_judged_has_no_points_and_his_earlier_grade_is_named(tmp_path: Path, made_up: Any) -> None:
    run(tmp_path, made_up("ada", 2))
    seen = run(tmp_path, made_up("ada", 0, "grader_error"))
    assert (seen["ada"]["verdict"], seen["ada"]["points"]) == ("grader_error", "")
    assert "ada.json keeps the grade of an earlier run" in seen["ada"]["remark"]
    assert run(tmp_path, made_up("bob"))["ada"]["verdict"] == "grader_error"  # until somebody grades her
    assert run(tmp_path, made_up("ada", 3))["ada"]["points"] == "6"


def test_files_that_are_no_results_are_told(tmp_path: Path, made_up: Any) -> None:
    write_result(tmp_path, made_up("ada"))
    (tmp_path / "ada copy.json").write_bytes((tmp_path / "ada.json").read_bytes())
    (tmp_path / "bob.json").write_text("{")
    seen = run(tmp_path, made_up("carol"))
    assert "is the result of ada. Remove the copy" in seen["ada copy"]["remark"]
    assert "is not a result of this grader" in seen["bob"]["remark"]
    assert (seen["bob"]["points"], seen["ada"]["points"]) == ("", "6")


def test_a_class_file_of_another_form_stops_nothing(tmp_path: Path, made_up: Any) -> None:
    for content in (b"", b"\xff\xfe", b"a,b\n1,2\n", b'submission,verdict\n"x\n', b"submission,verdict\nzoe\n"):
        (tmp_path / "class.csv").write_bytes(content)
        assert set(run(tmp_path, made_up("ada"))) >= {"ada"}


# ---- what a run may write into -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("there", "only", "says"),
    [
        ({}, "2", "more problems than this run grades"),
        ({"problems": "1"}, "2", "more problems than this run grades"),
        ({"assignment": "hw8_other"}, "", "holds results of hw8_other, and this run grades hw7_tiny"),
        ({"verdict": "grader_error"}, "1", "more problems than this run grades"),
    ],
)
def test_a_run_that_would_lose_or_mix_results_is_refused(
    tmp_path: Path, there: dict[str, Any], only: str, says: str, made_up: Any
) -> None:
    write_result(tmp_path, made_up("ada", **there))
    with pytest.raises(ResultsError, match=says) as told:
        refuse_mixing(tmp_path, earlier(tmp_path), load_course(TINY).assignment("hw7"), frozenset(only))
    assert "--out" in str(told.value)


@pytest.mark.parametrize(("there", "only"), [("12", ""), ("1", ""), ("1", "1"), ("1", "12")])
def test_a_run_of_as_many_problems_or_more_may_write(tmp_path: Path, there: str, only: str, made_up: Any) -> None:
    write_result(tmp_path, made_up("ada", problems=there))
    refuse_mixing(tmp_path, earlier(tmp_path), load_course(TINY).assignment("hw7"), frozenset(only))


def test_an_empty_folder_holds_nothing(tmp_path: Path) -> None:
    assert earlier(tmp_path) == earlier(tmp_path / "nowhere") == Earlier()


# ---- passed_over.csv -----------------------------------------------------------------------------------------------


def test_what_was_passed_over_is_kept_for_each_folder(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    write_passed_over(tmp_path, [PassedOver("=x.png", "graded by hand", "ada")], first)
    write_passed_over(tmp_path, [PassedOver("y.png", "graded by hand")], second)
    write_passed_over(tmp_path, [], second)
    with (tmp_path / "passed_over.csv").open(newline="") as file:
        assert list(csv.reader(file)) == [
            ["folder", "file", "submission", "why"],
            [str(first), "'=x.png", "ada", "graded by hand"],
        ]
