"""Grades of the book in each platform's own table: golden files, and every byte that is not ours stays."""

from __future__ import annotations

import csv
import importlib.util
import io
import os
import sys
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
Course = Any  # conftest.py
FULL, HALF = Fraction(11, 4), Fraction(3, 2)
STAMPS = "submission,handed_in\n{ada},2027-03-05T21:10:00+01:00\n{alan},2027-03-06T22:30:00+01:00\n"


def graded(course: Course, system: str, ada: str, alan: str) -> None:
    """Ada's work is right and in time, Alan's half right and a day late."""
    course.enrol()
    times = course.folder / "times.csv"
    times.write_text(STAMPS.format(ada=ada, alan=alan))
    results = course.results({ada: FULL, alan: HALF})
    course.book("results", results, "--homework", "hw7", "--system", system, "--times", times)


def test_canvas(course: Course) -> None:
    graded(course, "canvas", "lovelaceada_10001", "turingalan_10002")
    out = course.folder / "filled.csv"
    words = ("canvas", HERE / "canvas/gradebook.csv", "--column", "HW7", "--homework", "hw7", "--out", out)
    said = course.book(*words, status=1)
    assert out.read_bytes() == (HERE / "canvas/filled.csv").read_bytes()
    assert "2 cells of HW7 (123) filled." in said
    assert "not in the book: =HYPERLINK" in said
    assert course.book("canvas", out, *words[2:-1], course.folder / "again.csv", status=1).startswith("0 cells")
    assert (course.folder / "again.csv").read_bytes() == out.read_bytes()


def test_canvas_must_have_as_many_points_as_there_are_to_earn(course: Course) -> None:
    graded(course, "canvas", "lovelaceada_10001", "turingalan_10002")
    words = ("--column", "HW8", "--homework", "hw7", "--out", course.folder / "filled.csv")
    said = course.book("canvas", HERE / "canvas/gradebook.csv", *words, status=2)
    assert "has 10 points possible, and there are 5.5 to earn. Give the assignment 5.5 points in Canvas" in said
    assert not (course.folder / "filled.csv").exists()


def test_moodle(course: Course) -> None:
    graded(course, "moodle", "Ada Lovelace_1201", "Alan Turing_1202")
    out = course.folder / "filled.csv"
    words = ("moodle", HERE / "moodle/worksheet.csv", "--homework", "hw7", "--out", out)
    said = course.book(*words, status=1)
    assert out.read_bytes() == (HERE / "moodle/filled.csv").read_bytes()
    assert "2 grades filled in." in said
    assert "have a comment already, which stays: Alan Turing" in said
    assert "not in the book: =Eve" in said
    again = course.folder / "again.csv"
    course.book("moodle", out, *words[2:-1], again, status=1)
    assert again.read_bytes() == out.read_bytes()


def test_nbgrader(course: Course) -> None:
    graded(course, "nbgrader", "alovelace", "aturing")
    out = course.folder / "grades.csv"
    assert "3 students, 1 homework." in course.book("nbgrader", out)
    golden = (HERE / "nbgrader/grades.csv").read_bytes()
    assert out.read_bytes() == golden
    (course.folder / "excused.csv").write_text("student,homework,reason\nu3,hw7_tiny,ill\n")
    course.book("excused", course.folder / "excused.csv")
    course.book("nbgrader", out, "--homework", "hw7")
    assert out.read_bytes() == b"".join(golden.splitlines(keepends=True)[:-1]), "no 0 for who is excused"


@pytest.mark.skipif(
    importlib.util.find_spec("nbgrader") is None,
    reason="nbgrader was left out: pip install -c constraints.txt -e '.[nbgrader]'",
)
def test_nbgraders_own_export_of_the_same_class_says_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from nbgrader.api import Gradebook  # type: ignore[import-untyped]
    from nbgrader.plugins.export import CsvExportPlugin  # type: ignore[import-untyped]

    monkeypatch.setenv("PATH", os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")]))
    with Gradebook(f"sqlite:///{tmp_path / 'gradebook.db'}") as gradebook:
        gradebook.add_assignment("hw7_tiny", duedate=datetime(2027, 3, 5, 22, 59))
        gradebook.add_notebook("hw7", "hw7_tiny")
        gradebook.add_grade_cell("all", "hw7", "hw7_tiny", max_score=5.5, cell_type="code")
        names = [("alovelace", "Lovelace", "Ada", "ada"), ("aturing", "Turing", "Alan", "alan")]
        for id, last, first, mail in names:
            gradebook.add_student(id, last_name=last, first_name=first, email=f"{mail}@uni.edu")
        for id, score, late, hour in (("alovelace", 5.5, 0.0, (5, 20, 10)), ("aturing", 3.0, 0.75, (6, 21, 30))):
            day, hours, minutes = hour
            at = datetime(2027, 3, day, hours, minutes, tzinfo=UTC).replace(tzinfo=None)
            gradebook.add_submission("hw7_tiny", id, timestamp=at)
            gradebook.find_submission_notebook("hw7", "hw7_tiny", id).late_submission_penalty = late
            gradebook.find_grade("all", "hw7", "hw7_tiny", id).auto_score = score
        gradebook.db.commit()
        exporter = CsvExportPlugin()
        exporter.to = str(tmp_path / "grades.csv")
        exporter.export(gradebook)
    theirs = list(csv.DictReader(io.StringIO((tmp_path / "grades.csv").read_text(encoding="utf-8"))))
    ours = list(csv.DictReader(io.StringIO((HERE / "nbgrader/grades.csv").read_text(encoding="utf-8"))))
    assert theirs == ours[:2]
    assert list(theirs[0]) == list(ours[0])
