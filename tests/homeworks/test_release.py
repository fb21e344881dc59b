"""The course as it stands can be released: nothing secret is in what students would receive.

Each homework's handout has no file that the release has not (test_where_it_lies.py).
"""

from pathlib import Path

from grader.commands.release import release_course
from grader.course.assignment import load_course

COURSE = load_course(Path(__file__))


def test_the_whole_course_can_be_released(tmp_path: Path) -> None:
    release_course(COURSE, [COURSE.assignment(name) for name in COURSE.names()], tmp_path / "public")
    for name in COURSE.names():
        assert (tmp_path / "public" / "assignments" / name / "README.md").is_file()
    assert not (tmp_path / "public" / "solutions").exists()
