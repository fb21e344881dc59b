"""course.toml and assignment.toml: whatever is wrong with them is said with file and key."""

import shutil
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from grader.course.assignment import load_assignment, load_course
from grader.errors import CourseError
from grader.sandbox.limits import limits_of

House = Any  # tests/conftest.py
TINY = Path(__file__).parents[1] / "courses" / "tiny"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the tiny course, to be damaged."""
    shutil.copytree(TINY, tmp_path / "tiny", ignore=shutil.ignore_patterns(".cache", "__pycache__"))
    return tmp_path / "tiny"


@pytest.fixture
def description(folder: Path) -> Path:
    return folder / "assignments" / "hw7_tiny" / "assignment.toml"


def test_an_assignment_is_what_its_file_says() -> None:
    assignment = load_course(TINY).assignment("hw7")
    assert assignment.name == "hw7_tiny"
    assert assignment.short == "hw7"
    assert assignment.modules == ("tiny.py",)
    assert [problem.points for problem in assignment.problems] == [3, Fraction(5, 2), 4]
    assert assignment.code_points == Fraction(11, 2)  # the essay is graded by hand
    assert assignment.solution == TINY.resolve() / "solutions" / "hw7_tiny"


def test_a_course_is_found_from_anywhere_inside_it() -> None:
    assert load_course(TINY / "solutions" / "hw7_tiny" / "checks").folder == TINY.resolve()


def test_outside_of_a_course_there_is_none(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match=r"No course\.toml in .* or above it\. Run this inside the course's folder\."):
        load_course(tmp_path)


@pytest.mark.parametrize("name", ["hw7_tiny", "hw7"])
def test_a_homework_has_a_long_and_a_short_name(name: str) -> None:
    assert load_course(TINY).assignment(name).name == "hw7_tiny"


@pytest.mark.parametrize("name", ["hw8", "HW7", "", "tiny", "hw7_tin", "../hw7_tiny"])
def test_a_misspelt_homework_lists_what_there_is(name: str) -> None:
    with pytest.raises(CourseError, match=r"no homework .*There is: hw7_tiny\."):
        load_course(TINY).assignment(name)


@pytest.mark.parametrize(
    ("before", "after", "key", "fault"),
    [
        ('title = "A tiny homework"\n', "", "title", "Field required"),
        ('modules = ["tiny.py"]', "", "modules", "Field required"),
        ('modules = ["tiny.py"]', "modules = []", "modules", "at least 1 item"),
        ('modules = ["tiny.py"]', 'modules = "tiny.py"', "modules", "valid tuple"),
        ('modules = ["tiny.py"]', 'modules = ["../tiny.py"]', "modules.0", "match pattern"),
        ('modules = ["tiny.py"]', 'modules = ["tiny"]', "modules.0", "match pattern"),
        ('modules = ["tiny.py"]', 'modules = ["tiny.py"]\nshared = "a"', "shared", "valid tuple"),
        ('modules = ["tiny.py"]', 'modules = ["tiny.py"]\nshared = ["../a"]', "shared.0", "match pattern"),
        ('modules = ["tiny.py"]', 'modules = ["tiny.py"]\nshared = ["a", "a"]', "file", "folder 'a' is named twice"),
        ('title = "A tiny homework"', "title = 7", "title", "valid string"),
        ('title = "A tiny homework"', 'titel = "A tiny homework"', "titel", "not permitted"),
        ("points = 3", "", "problems.0.points", "Field required"),
        ("points = 3", "points = 3.0", "problems.0.points", "integer or text"),
        ("points = 3", "points = true", "problems.0.points", "integer or text"),
        ("points = 3", "points = nan", "problems.0.points", "integer or text"),
        ("points = 3", "points = -3", "problems.0.points", "greater than or equal to 0"),
        ('points = "5/2"', 'points = "5/0"', "problems.1.points", "integer or text"),
        ("points = 3", "points = 3\nbonus = 1", "problems.0.bonus", "not permitted"),
        (
            'kind = "code"\npoints = 3',
            'kind = "coding"\npoints = 3',
            "problems.0.kind",
            "'code', 'experiment' or 'written'",
        ),
        ('id = "2"', 'id = "1"', "file", "problem '1' is there twice"),
        ('id = "2"', 'id = ""', "problems.1.id", "at least 1 character"),
        ("call_cpu_s = 1\n", 'call_cpu_s = "1"\n', "limits.call_cpu_s", "valid number"),
        ("call_cpu_s = 1\n", "call_cpu_s = true\n", "limits.call_cpu_s", "valid number"),
    ],
)
def test_a_fault_is_told_with_file_and_key(description: Path, before: str, after: str, key: str, fault: str) -> None:
    text = description.read_text()
    assert before in text
    description.write_text(text.replace(before, after, 1))
    with pytest.raises(CourseError) as told:
        load_assignment(description.parent)
    assert str(description) in str(told.value)
    assert f"{key}: " in str(told.value)
    assert fault in str(told.value)


@pytest.mark.parametrize(
    "limit", ["call_cpu = 1", "call_cpu_s = 0", "call_cpu_s = -1", "call_cpu_s = nan", "memory_mb = inf"]
)
def test_a_limit_that_is_none_is_told_with_file_and_key(description: Path, limit: str) -> None:
    description.write_text(description.read_text().replace("call_cpu_s = 1\n", limit + "\n"))
    with pytest.raises(CourseError) as told:
        limits_of(load_assignment(description.parent))
    assert f"{description}: limits.{limit.split()[0]} = " in str(told.value)
    assert "call_wall_s" in str(told.value)  # the names that there are


def test_limits_that_are_set_replace_the_defaults(description: Path) -> None:
    limits = limits_of(load_assignment(description.parent))
    assert (limits.call_cpu_s, limits.call_wall_s) == (1, 5)
    assert limits.memory_mb == 1500  # not in the file


def test_in_a_course_a_homework_must_be_called_like_its_folder(house: House) -> None:
    description = house.folder / "assignments/hw7_tiny/assignment.toml"
    description.write_text(description.read_text().replace('name = "hw7_tiny"', 'name = "hw8_tiny"'))
    assert load_assignment(description.parent).name == "hw8_tiny"  # given out by itself it may lie anywhere
    with pytest.raises(CourseError, match=r"name is 'hw8_tiny', but the folder is 'hw7_tiny'\. Make them equal\."):
        load_course(house.folder).assignment("hw7_tiny")


# ---- a folder that homeworks share ----------------------------------------------------------------------------------


def test_a_shared_folder_is_found_and_is_no_homework(house: House) -> None:
    place = house.shares()
    assert house.assignment.shared == ("pictures",)
    assert house.assignment.shared_folders == (place,)
    assert load_course(house.folder).names() == ("hw7_tiny",)
    with pytest.raises(CourseError, match=r"no homework 'pictures' .*There is: hw7_tiny\."):
        load_course(house.folder).assignment("pictures")


def test_a_shared_folder_that_is_missing_is_told(house: House) -> None:
    place = house.shares()
    shutil.rmtree(place)
    with pytest.raises(CourseError, match=rf"assignment\.toml: shared: there is no folder {place}\. Put it there, or"):
        _ = house.assignment
    place.write_text("a file")
    with pytest.raises(CourseError, match=rf"there is no folder {place}\."):
        _ = house.assignment


def test_a_homework_cannot_be_shared(house: House) -> None:
    description = house.shares().parent / "hw7_tiny/assignment.toml"
    description.write_text(description.read_text().replace('"pictures"', '"hw7_tiny"'))
    with pytest.raises(CourseError, match=r"shared: 'hw7_tiny' is a homework itself\. Name a folder without"):
        _ = house.assignment


def test_a_file_that_is_no_toml_is_told_with_its_line(description: Path) -> None:
    description.write_text("name = \n")
    with pytest.raises(CourseError, match=r"assignment\.toml: not valid TOML: .*line 1"):
        load_assignment(description.parent)


def test_a_file_that_is_not_utf8_is_told_with_what_to_do(description: Path) -> None:
    description.write_bytes('title = "Aufgabe für alle"'.encode("latin-1"))
    with pytest.raises(CourseError, match=r"assignment\.toml: is not UTF-8 text\. Save it as UTF-8\."):
        load_assignment(description.parent)


def test_a_folder_without_a_description_is_told(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match=r"assignment\.toml: cannot be read \(No such file or directory\)\."):
        load_assignment(tmp_path)


@pytest.mark.parametrize(
    ("before", "after", "key"),
    [
        ("late_days = 0", "late_days = -1", "late_days"),
        ("late_days = 0", 'late_days = "0"', "late_days"),
        ("late_days = 0", "", "late_days"),
        ("weight = 1", "weight = 2", "homeworks.0.weight"),
        ("weight = 1", "weight = 0.5", "homeworks.0.weight"),
        ("weight = 1", 'weight = 1\noptional = "no"', "homeworks.0.optional"),
    ],
)
def test_a_fault_of_the_course_is_told_with_file_and_key(folder: Path, before: str, after: str, key: str) -> None:
    path = folder / "course.toml"
    path.write_text(path.read_text().replace(before, after))
    with pytest.raises(CourseError, match=rf"course\.toml: {key}: "):
        load_course(folder)


@pytest.mark.parametrize(
    ("seed", "why"),
    [
        ("2026", "must be 32 hexadecimal digits"),
        ('"2026"', "must be 32 hexadecimal digits"),
        ('"0123456789abcdef0123456789abcde"', "must be 32 hexadecimal digits"),
        ('"0123456789ABCDEF0123456789ABCDEF"', "must be 32 hexadecimal digits"),
        ('"0123456789abcdef0123456789abcdeg"', "must be 32 hexadecimal digits"),
        ('"00000000000000000000000000000001"', "was not drawn at random: it has 2 different digits"),
    ],
)
def test_a_seed_that_could_be_searched_is_told_with_the_way_to_make_one(folder: Path, seed: str, why: str) -> None:
    path = folder / "solutions" / "grading.toml"
    path.write_text(f"seed = {seed}\n")
    with pytest.raises(CourseError, match=rf"solutions/grading\.toml: seed: .*{why}.*") as told:
        _ = load_course(folder).grading_seed
    assert 'python -c "import secrets; print(secrets.token_hex(16))"' in str(told.value)
    assert "0123456789" not in str(told.value)
    path.write_text('seed = "c3a1f0b2d4e5968778695a4b3c2d1e0f"\n')
    assert load_course(folder).grading_seed == "c3a1f0b2d4e5968778695a4b3c2d1e0f"


def test_a_short_name_of_two_homeworks_is_refused(folder: Path) -> None:
    shutil.copytree(folder / "assignments" / "hw7_tiny", folder / "assignments" / "hw7_other")
    with pytest.raises(CourseError, match=r"'hw7' may be any of hw7_other, hw7_tiny"):
        load_course(folder).assignment("hw7")


def test_a_module_that_is_missing_is_told(folder: Path) -> None:
    assignment = load_course(folder).assignment("hw7")
    (assignment.solution / "tiny.py").unlink()
    with pytest.raises(CourseError, match=r"solutions/hw7_tiny/tiny\.py: cannot be read"):
        assignment.sources(assignment.solution)
