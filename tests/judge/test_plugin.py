"""`pytest CHECKS --submission PATH`, as a person types it."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

House = Any  # tests/conftest.py


def pytest_on(house: House, *arguments: str, typed: str = "") -> tuple[int, str]:
    """Exit status and everything printed."""
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--disable-plugin-autoload"]
    done = subprocess.run(
        [*command, "-p", "grader.judge.plugin", *arguments],
        cwd=house.folder,
        input=typed,
        env={**os.environ, "OMP_NUM_THREADS": "1", "COLUMNS": "160"},
        capture_output=True,
        text=True,
        timeout=120,
    )
    return done.returncode, done.stdout + done.stderr


def write(house: House, source: str) -> str:
    path: Path = house.folder / "ada.py"
    path.write_text(source)
    return str(path)


def test_a_wrong_submission_fails_and_shows_the_checks_own_line(house: House) -> None:
    work = write(house, house.but("def twice(x):\n    return x + 1.0\n"))
    status, said = pytest_on(house, "solutions/hw7_tiny", "--engine", "inline", "--submission", work)
    assert status == 1
    assert "ada: 1 of 5.5 points" in said
    (line,) = [line for line in said.splitlines() if "same_as_reference(hint=" in line]
    assert line.startswith(">")
    assert "grader/judge/compare.py" not in said  # the framework's own frames are no help
    assert "1 passed" in said


def test_a_right_submission_passes(house: House) -> None:
    status, said = pytest_on(
        house, "solutions/hw7_tiny", "--engine", "inline", "--submission", write(house, house.reference)
    )
    assert status == 0
    assert "4 passed" in said
    assert "ada: 5.5 of 5.5 points" in said


def test_an_unreadable_submission_is_no_success(house: House) -> None:
    status, said = pytest_on(house, "solutions/hw7_tiny", "--engine", "inline", "--submission", write(house, ""))
    assert status == 1
    assert "invalid: ada.py is empty." in said


def test_without_a_submission_or_with_wrong_words_it_says_what_to_type(house: House) -> None:
    status, said = pytest_on(house, "solutions/hw7_tiny")
    assert status != 0
    assert "A check needs a submission: add --submission PATH." in said
    status, said = pytest_on(house, "--engine", "inline", "--submission", write(house, house.reference))
    assert status == 4
    assert "Name the checks to run: pytest solutions/<homework> --submission PATH" in said
    status, said = pytest_on(house, "solutions/hw7_tiny", "--engine", "inline", "--submission", "nobody.py")
    assert status == 4
    assert "nobody.py: there is no such file or folder" in said
    assert "Traceback" not in said


def test_a_debugger_stops_at_the_students_own_line(house: House) -> None:
    work = write(house, house.but("def twice(x):\n    answer = x / 0\n    raise KeyError('here')\n"))
    arguments = ["solutions/hw7_tiny", "-k", "test_twice", "--engine", "inline", "--pdb", "--submission", work]
    status, said = pytest_on(house, *arguments, typed="p answer\nq\n")
    assert "(Pdb)" in said
    assert "tensor([[" in said
    assert "KeyError" in said
    assert status != 0


def test_a_debugger_does_not_stop_at_an_exception_that_is_asked_for(house: House) -> None:
    arguments = ["solutions/hw7_tiny", "--engine", "inline", "--pdb", "--submission", write(house, house.reference)]
    status, said = pytest_on(house, *arguments, typed="q\n")
    assert status == 0
    assert "(Pdb)" not in said


SHARED_CHECK = """
@problem("1", points=1)
def test_picture(ask: Ask, shared_module) -> None:
    '''Twice a picture.'''
    pictures = shared_module("pictures")
    assert shared_module("pictures") is pictures
    assert pictures.Picture(3).side == 3  # a dataclass finds its module
    ask("twice", x=pictures.load().astype(float)).same_as_reference()
"""


def test_a_check_can_use_what_homeworks_share(house: House) -> None:
    house.checks(SHARED_CHECK)
    without = house.judge_one(house.reference)["test_picture"]
    assert without.verdict == "grader_error"
    assert "assignment.toml: a check uses 'pictures'. Add it to `shared`." in without.detail
    place = house.shares()
    house.checks(SHARED_CHECK)
    assert house.judge_one(house.reference)["test_picture"].verdict == "passed"
    assert house.judge_one(house.but("def twice(x):\n    return x"))["test_picture"].verdict == "failed"
    (place / "pictures.py").unlink()
    sys.modules.pop("pictures")
    house.checks(SHARED_CHECK)
    missing = house.judge_one(house.reference)["test_picture"]
    assert missing.verdict == "grader_error"
    assert "pictures.py: is missing, and a check uses it. A shared folder's module has the folder's name." in (
        missing.detail
    )
