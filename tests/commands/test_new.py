"""`new` writes a homework that is complete and sound, and refuses what would not be."""

from typing import Any

import pytest
from rich.console import Console

from grader.commands.build import stale
from grader.commands.new import new_homework
from grader.commands.verify import verify_assignment
from grader.course.assignment import load_course
from grader.errors import CourseError

House = Any  # tests/conftest.py


def test_a_new_homework_passes_all_proofs(house: House) -> None:
    files = new_homework(load_course(house.folder), "hw5_lifelong", "Lifelong learning")
    assert all(file.is_file() for file in files)
    assert {"lifelong.py", "hw5.ipynb", "answers.json", "swapped_weights.py"} <= {file.name for file in files}
    course = load_course(house.folder)
    assert [homework.name for homework in course.homeworks] == ["hw7_tiny", "hw5_lifelong"]
    assignment = course.assignment("hw5")
    assert (assignment.title, len(assignment.problems)) == ("Lifelong learning", 2)
    assert stale(assignment) == {}
    assert verify_assignment(course, assignment, 3, 2, house.folder / "report.json", Console(quiet=True))


@pytest.mark.parametrize(
    ("name", "title", "words"),
    [
        ("lifelong", "T", "is no name for a homework"),
        ("hw5", "T", "is no name for a homework"),
        ("hw5_../../x", "T", "is no name for a homework"),
        ("hw7_other", "T", "hw7_tiny is there already. Choose another number than 7."),
        ("hw5_json", "T", "json.py would be confused with the library json"),
        ("hw5_torch", "T", "torch.py would be confused with the library torch"),
        ("hw5_lifelong", " ", "is no title"),
        ("hw5_lifelong", 'a "b"', "is no title"),
    ],
)
def test_what_cannot_be_a_homework_is_refused_and_nothing_is_written(
    house: House, name: str, title: str, words: str
) -> None:
    before = sorted(house.folder.rglob("*"))
    with pytest.raises(CourseError) as raised:
        new_homework(load_course(house.folder), name, title)
    assert words in str(raised.value)
    assert sorted(house.folder.rglob("*")) == before
