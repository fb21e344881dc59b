"""A result as results.json: against golden files, against the format, and in what a student may read."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from types import ModuleType
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as some

from grader.gradescope.results_json import MOST_CHARACTERS, nothing_yet, number, results_of, text_of

HERE = Path(__file__).parent
SCHEMA = json.loads((HERE / "results.schema.json").read_text())


def cases(made: ModuleType) -> dict[str, dict[str, Any]]:
    """What the golden files hold, by name."""
    checks = made.everything()
    whole = made.result(*checks)
    ours = made.result(*checks[:3], made.check("2a", "grader_error", 0, 2, detail=f"{made.SECRET} in our traceback"))
    refused = tuple(made.check(each.id, "invalid", 0, each.max_points) for each in checks)
    unread = made.result(*refused, problem="tiny.py: line 1 is no Python.")
    file = {"file": "tiny.py", "summary": "Importing tiny.py failed: there is no package `wandb` here."}
    broken = made.result(made.check("1a", "crashed", 0, 2, **file), made.check("1b", "crashed", 0, 1, **file))
    later = replace(made.ABOUT, hidden_checks="after_published")
    return {
        "begun": nothing_yet(made.ABOUT, "begun"),
        "graded": results_of(whole, made.ABOUT),
        "graded-hidden-later": results_of(whole, later),
        "unfinished": results_of(whole, made.ABOUT, "unfinished", frozenset({"1a", "1b", "1c"})),
        "out-of-time": results_of(whole, made.ABOUT, "out_of_time", frozenset({"1a", "1c", "2b"})),
        "out-of-time-hidden-later": results_of(whole, later, "out_of_time", frozenset({"1a", "1c", "2b"})),
        "grader-error": results_of(ours, made.ABOUT),
        "invalid": results_of(unread, made.ABOUT),
        "file-at-fault": results_of(broken, made.ABOUT),
    }


NAMES = (
    "begun",
    "graded",
    "graded-hidden-later",
    "unfinished",
    "out-of-time",
    "out-of-time-hidden-later",
    "grader-error",
    "invalid",
    "file-at-fault",
)


@pytest.mark.parametrize("name", NAMES)
def test_it_is_what_the_golden_file_holds(made: ModuleType, name: str) -> None:
    """A person reads each golden file once. To make them anew: python tests/gradescope/test_results_json.py."""
    assert text_of(cases(made)[name]) == (HERE / "golden" / f"{name}.json").read_text()


@pytest.mark.parametrize("name", NAMES)
def test_it_is_of_the_platforms_format(made: ModuleType, name: str) -> None:
    found = cases(made)[name]
    jsonschema.Draft202012Validator(SCHEMA).validate(found)
    assert json.loads(text_of(found)) == found


@pytest.mark.parametrize("name", NAMES)
def test_nothing_hidden_is_told(made: ModuleType, name: str) -> None:
    text = text_of(cases(made)[name])
    assert made.SECRET not in text
    assert "ask Alan too" not in text
    assert made.ENVIRONMENT.grading_seed not in text
    assert "/autograder/submission" not in text


def test_every_check_has_a_status_of_its_own_and_the_scores_add_up(made: ModuleType) -> None:
    result = made.result(*made.everything())
    found = results_of(result, made.ABOUT)
    tests = {test["extra_data"]["check"]: test for test in found["tests"] if "details" not in test["tags"]}
    assert {name: test["status"] for name, test in tests.items()} == {
        check.id: "passed" if check.verdict == "passed" else "failed" for check in result.checks
    }
    assert found["score"] == pytest.approx(float(result.points), abs=1e-6)
    assert sum(Fraction(test["extra_data"]["points"]) for test in tests.values()) == result.points
    assert Fraction(found["extra_data"]["points"]) == result.points


def test_a_check_without_points_that_failed_is_not_passed(made: ModuleType) -> None:
    """The platform takes a test without a status for passed where its score is its maximum, and 0 of 0 is."""
    (test,) = results_of(made.result(made.check("1a", "failed", 0, 0, "public")), made.ABOUT)["tests"]
    assert (test["score"], test["max_score"], test["status"]) == (0, 0, "failed")


def test_our_own_mistake_is_no_grade_and_says_so(made: ModuleType) -> None:
    found = cases(made)["grader-error"]
    assert found["score"] == 0
    assert found["output"].startswith("NOT GRADED, by our own mistake. The 0 that stands here is no grade")
    assert "points for code" not in found["output"]
    assert found["extra_data"]["state"] == "grader_error"
    assert [test["name"] for test in found["tests"] if "[not graded, by our mistake]" in test["name"]]


def test_details_after_the_due_date_are_a_test_of_their_own(made: ModuleType) -> None:
    tests = results_of(made.result(*made.everything()), made.ABOUT)["tests"]
    of_it = [test for test in tests if test["extra_data"]["check"] == "2a"]
    assert [(test["visibility"], test["max_score"]) for test in of_it] == [("visible", 1.5), ("after_due_date", 0)]
    assert "expected: 2" not in of_it[0]["output"]
    assert "expected: 2" in of_it[1]["output"]


@pytest.mark.parametrize(
    ("hidden_checks", "shown"), [("visible", 1), ("after_due_date", 1), ("after_published", 0), ("hidden", 0)]
)
def test_details_are_never_shown_before_their_check(made: ModuleType, hidden_checks: Any, shown: int) -> None:
    about = replace(made.ABOUT, hidden_checks=hidden_checks)
    tests = results_of(made.result(*made.everything()), about)["tests"]
    assert ["details" in test["tags"] for test in tests].count(True) == shown
    hidden = [test for test in tests if test["tags"][1] != "public" and "details" not in test["tags"]]
    assert {test["visibility"] for test in hidden} == {hidden_checks}
    assert ("expected: 2" in "".join(test["output"] for test in tests if test["tags"][1] != "public")) == bool(shown)


def test_of_hidden_checks_that_took_the_time_only_the_number_is_told(made: ModuleType) -> None:
    checks = (
        made.check("1a", "timeout", 0, 1, "public"),
        made.check("1b", "timeout", 0, 1),
        made.check("1c", "timeout", 0, 1, "after_due"),
        made.check("1d", "passed", 1, 1),
        made.check("1e", "grader_error", 0, 1),
    )
    put = frozenset({"1a", "1b", "1c", "1d"})

    def top(hidden_checks: Any) -> str:
        about = replace(made.ABOUT, hidden_checks=hidden_checks)
        return str(results_of(made.result(*checks), about, "out_of_time", put)["output"])

    assert "stopped in: (1) Question 1a. (1) Question 1b. (1) Question 1c. Mend this first." in top("visible")
    for later in ("after_due_date", "after_published", "hidden"):
        assert "stopped in: (1) Question 1a. 2 of the checks that are not shown now. Mend this first." in top(later)
        assert "Question 1b" not in top(later)


def test_who_ran_into_no_limit_and_took_all_the_time_is_told_to_be_faster(made: ModuleType) -> None:
    checks = (made.check("1a", "passed", 1, 1), made.check("1b", "grader_error", 0, 1))
    told = results_of(made.result(*checks), made.ABOUT, "out_of_time", frozenset({"1a"}))
    assert "most of it went by while your code ran. Make it faster. Then hand in again." in told["output"]
    assert told["score"] == 1


def test_where_hidden_checks_are_shown_later_only_the_public_points_are_added_up(made: ModuleType) -> None:
    checks = (made.check("1a", "passed", 1, 1, "public"), made.check("1b", "passed", 2, 5))
    found = results_of(made.result(*checks), replace(made.ABOUT, hidden_checks="hidden"))
    assert [test["visibility"] for test in found["tests"]] == ["visible", "hidden"]
    assert "Checks that you can see: 1 of 1 points." in found["output"]
    assert "3 of 6" not in found["output"]
    assert found["score"] == 3


def test_what_a_student_wrote_is_text_and_steers_nothing(made: ModuleType) -> None:
    found = cases(made)["graded"]
    assert {found[key] for key in ("output_format", "test_output_format", "test_name_format")} == {"text"}
    assert not [test for test in found["tests"] if "output_format" in test or "name_format" in test]
    assert text_of(found).isascii()
    texts = [found["output"], *(test[key] for test in found["tests"] for key in ("name", "output"))]
    steering = {char for text in texts for char in text if char != "\n" and unicodedata.category(char)[0] == "C"}
    assert steering == set()


def test_what_is_too_long_loses_the_ends_of_outputs_and_no_points(made: ModuleType) -> None:
    long = [made.check(f"1{i:03}", "failed", 1, 2, "public", summary=f"é{i} " * 3000) for i in range(60)]
    short = made.check("1z", "failed", 0, 1, "public", summary="This is short.")
    result = made.result(*long, short)
    whole = results_of(result, made.ABOUT)
    text = text_of(whole)
    assert len(text) <= MOST_CHARACTERS < 100_000
    found = json.loads(text)
    jsonschema.Draft202012Validator(SCHEMA).validate(found)
    assert found["score"] == whole["score"] == 60
    assert found["output"] == whole["output"]
    for test, before in zip(found["tests"], whole["tests"], strict=True):
        assert {**test, "output": ""} == {**before, "output": ""}
    assert "characters are left out here" in found["tests"][0]["output"]
    assert "This is short." in found["tests"][-1]["output"]


def test_even_a_long_text_at_the_top_is_cut(made: ModuleType) -> None:
    result = made.result(made.check("1a", "passed", 1, 1), notes=tuple(f"note {i} {'x' * 500}" for i in range(500)))
    found = json.loads(text_of(results_of(result, made.ABOUT)))
    assert found["output"].startswith("1 of 1 points for code.")
    assert len(found["output"]) < 25_000


@given(some.fractions(min_value=0, max_value=1000, max_denominator=10_000))
def test_a_score_is_the_nearest_number_of_six_places(points: Fraction) -> None:
    shown = number(points)
    assert abs(Fraction(shown) - points) <= Fraction(1, 1_999_999)
    assert json.loads(json.dumps(shown)) == shown
    assert isinstance(shown, int) == (points.denominator == 1)


@pytest.mark.parametrize("name", ["begun", "unfinished", "grader-error"])
def test_what_is_no_grade_never_looks_like_one(made: ModuleType, name: str) -> None:
    found = cases(made)[name]
    assert found["output"].startswith("NOT ")
    assert "no grade" in found["output"]
    assert found["extra_data"]["state"] != "graded"


if __name__ == "__main__":
    import sys

    sys.path[:0] = [str(HERE)]
    import made as made_up

    (HERE / "golden").mkdir(exist_ok=True)
    for name, found in cases(made_up).items():
        (HERE / "golden" / f"{name}.json").write_text(text_of(found))
