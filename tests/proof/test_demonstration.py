"""The demonstration class is graded for real on the tiny course."""

import csv
import shutil
from pathlib import Path

import pytest
from rich.console import Console

from grader.commands.grade import Settings, grade_demonstration
from grader.course.assignment import load_course
from grader.proof.demonstration import HOSTILE, NOTHING, Expected, expectations
from grader.report.files import read_result

TINY = Path(__file__).parent.parent / "courses" / "tiny"


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> tuple[bool, Path]:
    place = tmp_path_factory.mktemp("demonstration")
    course = load_course(shutil.copytree(TINY, place / "course", ignore=shutil.ignore_patterns(".cache")))
    out = place / "out"
    good = grade_demonstration(course, course.assignment("hw7"), out, Settings(7), Console(quiet=True))
    return good, out


def test_every_grade_is_what_it_should_be(graded: tuple[bool, Path]) -> None:
    good, _ = graded
    assert good


def test_hostile_and_broken_ones_cost_the_others_nothing(graded: tuple[bool, Path]) -> None:
    _, out = graded
    with (out / "results" / "class.csv").open() as file:
        rows = {row["submission"]: row for row in csv.DictReader(file)}
    assert rows["reference"]["points"] == rows["adds"]["points"] == rows["reference"]["max_points"] == "5.5"
    assert set(HOSTILE) <= set(rows)
    assert {rows[name]["points"] for name, (_, outcome) in HOSTILE.items() if outcome == NOTHING} == {"0"}
    assert rows["broken_slip"]["verdict"] == "invalid"
    assert not list(out.glob("**/slipped*"))


def test_a_grade_that_is_not_expected_is_told(graded: tuple[bool, Path]) -> None:
    _, out = graded
    results = [read_result(out / "results" / f"{name}.json") for name in ("reference", "stub", "wrong_sums")]
    known = {
        "reference": Expected(NOTHING),
        "stub": Expected("invalid"),
        "wrong_sums": Expected("loses on 1", "1"),
        "absent": Expected(NOTHING),
    }
    _, wrong = expectations(known, results)
    assert set(wrong) == {"reference", "stub", "wrong_sums", "absent"}
