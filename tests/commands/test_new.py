"""`new` writes a homework that is complete and sound, and refuses what would not be."""

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from grader.commands.build import stale
from grader.commands.new import new_homework
from grader.commands.verify import verify_assignment
from grader.course.assignment import load_course
from grader.errors import CourseError

House = Any  # tests/conftest.py
REPOSITORY = Path(__file__).parents[2]


def test_a_new_homework_passes_all_proofs(house: House) -> None:
    files = new_homework(load_course(house.folder), "hw5_lifelong", "Lifelong learning")
    assert all(file.is_file() for file in files)
    assert {"lifelong.py", "hw5.ipynb", "answers.json", "swapped_weights.toml"} <= {file.name for file in files}
    course = load_course(house.folder)
    assert [homework.name for homework in course.homeworks] == ["hw7_tiny", "hw5_lifelong"]
    assignment = course.assignment("hw5")
    assert (assignment.title, len(assignment.problems)) == ("Lifelong learning", 2)
    assert stale(assignment) == {}
    report = house.folder / "report.json"
    assert verify_assignment(course, assignment, 3, 2, report, Console(quiet=True), sandbox=house.sandbox)


def test_a_new_homework_is_tested_as_soon_as_it_is_there(tmp_path: Path) -> None:
    """In a copy of this course whose tests nobody has touched."""
    for folder in ("assignments", "solutions", "tests/homeworks"):
        left_out = shutil.ignore_patterns("__pycache__", ".cache", "calibration", "restyled", "*.ipynb")
        shutil.copytree(REPOSITORY / folder, tmp_path / folder, ignore=left_out)
    for file in ("course.toml", "pyproject.toml", "tests/conftest.py"):
        shutil.copy(REPOSITORY / file, tmp_path / file)
    new_homework(load_course(tmp_path), "hw5_lifelong", "Lifelong learning")

    def run(*options: str) -> str:
        command = [sys.executable, "-m", "pytest", "tests/homeworks", "-q", "-k", "hw0_multitask or hw5_lifelong"]
        done = subprocess.run([*command, *options], cwd=tmp_path, capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, done.stdout[-5000:] + done.stderr[-1000:]
        return done.stdout

    listed = run("--collect-only").splitlines()
    old, new = (
        {line.split("[")[0] for line in listed if f"[{name}]" in line} for name in ("hw0_multitask", "hw5_lifelong")
    )
    assert {test for test in old - new if "experiment" not in test} == set()
    assert new <= old
    of_files = [line for line in listed if "hw5_lifelong" in line and "[hw5_lifelong]" not in line]
    assert f"{len(new) + len(of_files)} passed" in run("-k", "hw5_lifelong")


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
