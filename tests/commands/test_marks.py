"""Rubrics, marks, groups and the class in numbers, as whoever calls the commands sees them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
from pathlib import Path

import pytest
from click.testing import CliRunner
from rich.console import Console

from grader.book.rows import Membership, Score, Student
from grader.book.store import Book
from grader.cli import main
from grader.commands import book as commands
from grader.commands.book import Desk
from grader.commands.marks import enter_marks, enter_rubric, graders, rubric_history, statistics
from grader.course.assignment import load_course
from grader.course.points import exact
from grader.errors import CourseError, GraderError
from grader.hand.marking import Marking
from grader.judge.result import CheckResult, Environment, ProblemResult, Result
from grader.report.files import write_result

COURSE = """
title = "Tiny"
late_days = 2
homeworks = [{ name = "hw9_tiny", weight = 1 }]
book = { counts = "last" }
"""
ASSIGNMENT = """
name = "hw9_tiny"
title = "Tiny"
modules = ["tiny.py"]
problems = [
    { id = "1", title = "Doubling", kind = "code", points = 6 },
    { id = "2", title = "Why", kind = "written", points = 4 },
]
"""
RUBRIC = """
[[questions]]
problem = "2"
id = "2a"
title = "The reason"
points = 3
items = [
    { id = "sum", points = 2, text = "a sum" },
    { id = "word", points = 1, text = "the word" },
]
[[questions]]
problem = "2"
id = "2b"
title = "An example"
points = 1
items = [{ id = "any", points = 1, text = "any number" }]
"""


@dataclass
class Room:
    """A desk in a course, and what was said there."""

    desk: Desk
    folder: Path
    said: io.StringIO

    def told(self) -> str:
        text = self.said.getvalue()
        self.said.seek(0)
        self.said.truncate()
        return text

    def file(self, name: str, text: str) -> Path:
        (self.folder / name).write_text(text)
        return self.folder / name

    def rubric(self, text: str) -> None:
        (self.folder / "solutions" / "hw9_tiny" / "rubric.toml").write_text(text)


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    for name in ("assignments", "solutions"):
        (tmp_path / name / "hw9_tiny").mkdir(parents=True)
    (tmp_path / "course.toml").write_text(COURSE)
    (tmp_path / "assignments" / "hw9_tiny" / "assignment.toml").write_text(ASSIGNMENT)
    said = io.StringIO()
    with Book.open(f"sqlite:///{tmp_path / 'book.db'}") as book:
        book.enter([Student("ada", "Ada"), Student("alan", "Alan"), Student("emmy", "Emmy")], who="me", why="start")
        scores = [Score(key, "hw9_tiny", exact(3), exact(6), None, "", "f") for key in ("ada", "alan")]
        book.enter(scores, who="me", why="results")
        console = Console(file=said, width=200)
        room = Room(Desk(load_course(tmp_path), book, "grace", console=console), tmp_path, said)
        room.rubric(RUBRIC)
        yield room


MARKS = """student,homework,question,points,items,comment
ada,hw9,2a,,sum word,
ada,hw9,2b,0.5,,nearly
alan,hw9,2a,,word,
"""


def test_a_rubric_comes_into_force_and_its_changes_are_told(room: Room) -> None:
    assert "hw9_tiny counts by its checks alone. Enter its rubric" in shown(room)
    assert enter_rubric(replace(room.desk, dry=True), "hw9")
    assert "6 would be entered" in room.told()
    assert enter_rubric(room.desk, "hw9")
    assert enter_marks(room.desk, room.file("marks.csv", MARKS))
    assert "6 entered, 0 known already.\n3 entered" in room.told()
    assert enter_rubric(room.desk, "hw9")
    assert room.told() == "0 entered, 6 known already.\n"
    changed = RUBRIC.replace('"word", points = 1', '"name", points = 1').replace(
        '"sum", points = 2', '"sum", points = "5/2"'
    )
    room.rubric(changed)
    assert enter_rubric(room.desk, "hw9")
    assert room.told().splitlines()[1:] == [
        "2a: the item sum gives 2.5 and no longer 2, for 1 answer.",
        "2a: the item word is gone. 2 answers must be marked again.",
    ]
    assert "hw9_tiny 2a, 2b" in shown(room)
    rubric_history(room.desk, "hw9")
    past = [line.split("│")[3].strip() for line in room.told().splitlines() if "│" in line]
    assert past[2:4] == ["hw9_tiny 2a sum: 2, a sum", "hw9_tiny 2a word: 1, the word"]
    assert "hw9_tiny 2a sum: 2.5, a sum" in past[6:]
    commands.student(room.desk, "ada", None)
    assert "2a, The reason: 0 of 3. to be marked again: the rubric has no item word any more; 0 so far." in room.told()


def shown(room: Room) -> str:
    commands.show(room.desk)
    return room.told()


def test_marks_are_entered_once_and_all_faults_are_told(room: Room) -> None:
    enter_rubric(room.desk, "hw9")
    file = room.file("marks.csv", MARKS + "nobody,hw9,2a,1,,\n")
    assert not enter_marks(replace(room.desk, dry=True), file)
    assert not enter_marks(room.desk, file)
    assert not enter_marks(room.desk, file)
    told = room.told()
    assert "3 would be entered, 0 known already." in told
    assert "3 entered, 0 known already." in told
    assert "0 entered, 3 known already." in told
    assert told.count("not entered: line 5: nobody: nobody in the book is called so") == 3
    with pytest.raises(CourseError, match="line 2, column 'items': 'no' is no item of 2a"):
        enter_marks(room.desk, room.file("bad.csv", "student,homework,question,items\nada,hw9,2a,no\n"))


def test_grades_say_what_is_not_marked(room: Room) -> None:
    enter_rubric(room.desk, "hw9")
    enter_marks(room.desk, room.file("marks.csv", MARKS))
    room.told()
    told = shown(room)
    assert "Not final: 1 of these grades. Answers that are not marked yet count as 0." in told
    assert [line.split("│")[-2].strip() for line in told.splitlines() if "│ alan" in line] == ["hw9_tiny 2b"]
    commands.export(room.desk, room.folder / "grades.csv")
    assert "Not final: 1 of these grades." in room.told()
    rows = (room.folder / "grades.csv").read_text(encoding="utf-8-sig").splitlines()
    assert rows == [
        "key,name,grade,hw9_tiny,late days spent,to be marked",
        "ada,Ada,65,65,0,",
        "alan,Alan,40,40,0,hw9_tiny 2b",
        "emmy,Emmy,0,0,0,",
    ]
    commands.student(room.desk, "alan", room.folder / "alan.html")
    assert "Not final: to be marked hw9_tiny 2b. Until then it counts as 0." in room.told()
    page = (room.folder / "alan.html").read_text(encoding="utf-8")
    assert "<title>Alan: 40 of 100 (not final)</title>" in page
    assert "<td>not marked yet; 0 so far</td>" in page


def test_regrading_leaves_points_by_hand_alone(room: Room) -> None:
    enter_rubric(room.desk, "hw9")
    enter_marks(room.desk, room.file("marks.csv", MARKS))
    again = Score("ada", "hw9_tiny", exact(6), exact(6), None, "", "f")
    room.desk.book.enter([again], who="me", why="regrade")
    commands.student(room.desk, "ada", None)
    assert "hw9_tiny: 9.5 of 10 points (6 of 6 by checks, 3.5 of 4 by hand)" in room.told()


def test_a_group_shares_results_and_marks(room: Room) -> None:
    enter_rubric(room.desk, "hw9")
    enter_marks(room.desk, room.file("marks.csv", MARKS))
    room.told()
    groups = "group,student,homework\nA,emmy,\nA,Ada,\nB,alan,hw9\n"
    assert commands.enter_groups(room.desk, room.file("groups.csv", groups))
    assert room.told() == "B for hw9_tiny: has one student in this table.\n3 entered, 0 known already.\n"
    commands.student(room.desk, "emmy", room.folder / "emmy.html")
    assert "Together 65 of 100." in room.told()
    assert "<dt>hw9_tiny</dt><dd>with Ada</dd>" in (room.folder / "emmy.html").read_text(encoding="utf-8")
    assert commands.enter_groups(room.desk, room.file("groups.csv", "group,student\n-,emmy\n"))
    commands.student(room.desk, "emmy", None)
    assert "hw9_tiny: nothing was handed in" in room.told()
    with pytest.raises(CourseError, match="line 3: is of 'emmy' and 'every homework', as is line 2"):
        commands.enter_groups(room.desk, room.file("groups.csv", "group,student\nA,emmy\nB,emmy\n"))


NOWHERE = Environment(
    grader="1", python="3", torch="2", numpy="2", platform="", grading_seed=None, confinement="", layers=()
)

DOUBLES = CheckResult(
    id="test_doubles",
    problem="1",
    asked="It doubles.",
    visibility="hidden",
    verdict="failed",
    points="0",
    max_points="6",
)


def test_results_take_their_times_from_the_platforms_download(room: Room) -> None:
    """Gradescope names folders by numbers, and its list says whose they are and when they came."""
    for number, points in ((1, "4"), (2, "5")):
        result = Result(
            assignment="hw9_tiny",
            submission=f"submission_{number}",
            source="",
            fingerprint=f"{number}",
            points=points,
            max_points="6",
            problem="",
            problems=(ProblemResult(id="1", title="Doubling", kind="code", points=points, max_points="6"),),
            checks=(DOUBLES.model_copy(update={"points": exact(points)}),),
            environment=NOWHERE,
            graded_at="2027-03-09T10:00:00+00:00",
            cpu_seconds=0,
            wall_seconds=0,
        )
        write_result(room.folder / "run", result)
    listed = "submission_1:\n  :submitters:\n  - :name: Ada\n  - :name: Alan\n"
    listed += "  :created_at: 2027-03-07 10:00:00.5 +01:00\nsubmission_2:\n  :submitters:\n  - :name: Emmy\n"
    with zipfile.ZipFile(room.folder / "download.zip", "w") as archive:
        archive.writestr("export/submission_metadata.yml", listed)
        archive.writestr("export/submission_1/tiny.py", "")
        archive.writestr("export/submission_2/tiny.py", "")
    due = {"counts": "last", "due": {"hw9_tiny": datetime(2027, 3, 5, 23, 59)}}
    room.desk = replace(room.desk, course=room.desk.course.model_copy(update={"book": due}))
    words = (room.desk, room.folder / "run", "hw9", None, "results", [room.folder / "download.zip"])
    assert commands.enter_results(*words), room.told()
    told = room.told()
    assert "No time was given, so submission_2 counts as in time, or as the book has it." in told
    assert "The rubric of hw9_tiny comes into force" in told
    assert "10 entered, 0 known already." in told, "two scores, a group of two, and the rubric"
    commands.student(room.desk, "alan", room.folder / "alan.html")
    told = room.told()
    by = "4 of 10 points (4 of 6 by checks, 0 of 4 by hand), 2 days late, 2 covered by late days"
    assert f"hw9_tiny: {by}" in told
    assert "Not final: to be marked hw9_tiny 2a, 2b." in told
    page = (room.folder / "alan.html").read_text(encoding="utf-8")
    assert "Sun 07 Mar 2027, 09:00 (by Gradescope&#39;s metadata)" in page
    assert "<dd>with Ada</dd>" in page
    assert "0 entered, 4 known already." in [commands.enter_results(*words), room.told()][1]


def test_a_rubrics_history_is_of_any_day(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """It enters nothing, so the past may be asked for."""
    asked = list[bool]()
    monkeypatch.setattr("grader.commands.marks.rubric_history", lambda desk, _: asked.append(desk.as_of is not None))
    words = ["--course", str(room.desk.course.folder), "book", "--book", f"sqlite:///{room.folder / 'other.db'}"]
    Book.open(f"sqlite:///{room.folder / 'other.db'}").close()
    done = CliRunner().invoke(main, [*words, "--as-of", "2027-03-01", "rubric", "hw9", "--history"])
    assert (done.exit_code, asked) == (0, [True]), done.output


def test_a_merge_that_takes_a_hand_in_away_says_so(room: Room) -> None:
    contents = [Membership("ada", "g", "hw9_tiny"), Membership("alan", "g", "hw9_tiny")]
    contents += [
        Score("alan", "hw9_tiny", Fraction(4), Fraction(6)),
        Student("ada2", "A."),
        Membership("ada2", "", "hw9_tiny"),
    ]
    room.desk.book.enter(contents, who="me", why="test")
    assert commands.merge(room.desk, "ada2", "ada", "one person")
    assert "ada: 3 hand-ins of hw9_tiny counted, and now 1. Is that meant?" in room.told()


def test_a_backup_is_there_whole_or_not_at_all(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(self: Book, entries: object) -> None:
        raise OSError(28, "No space left on device")

    file = room.folder / "safe" / "book.db"
    with monkeypatch.context() as patch:
        patch.setattr(Book, "restore", full)
        with pytest.raises(GraderError, match="cannot be written"):
            commands.backup(room.desk, file)
    assert list(file.parent.iterdir()) == []
    commands.backup(room.desk, file)
    with Book.open(f"sqlite:///{file}", create=False) as copy:
        assert copy.entries() == room.desk.book.entries()


def test_one_answer_of_a_group_was_marked_twice_whoever_of_them_is_named(room: Room) -> None:
    enter_rubric(room.desk, "hw9")
    together = [Membership(student, "g", "hw9_tiny") for student in ("ada", "alan")]
    room.desk.book.enter(together, who="me", why="test")
    room.desk.book.mark("ada", "hw9_tiny", "2a", Marking((), Fraction(2)), who="grace")
    room.desk.book.mark("alan", "hw9_tiny", "2a", Marking((), Fraction(1)), who="kurt")
    room.told()
    graders(room.desk, "hw9")
    cells = [[cell.strip() for cell in line.split("│")[1:-1]] for line in room.told().splitlines() if "│" in line]
    assert [(row[0], row[2], row[5]) for row in cells if row[1] == "all"] == [("grace", "1", "1"), ("kurt", "1", "1")]


def test_graders_and_the_class_in_numbers(room: Room) -> None:
    graders(room.desk, "")
    assert "Nothing was marked by hand yet." in room.told()
    enter_rubric(room.desk, "hw9")
    enter_marks(room.desk, room.file("marks.csv", MARKS))
    enter_marks(replace(room.desk, who="kurt"), room.file("more.csv", MARKS.replace("0.5,,nearly", "1,,")))
    room.told()
    graders(room.desk, "hw9")
    cells = [[cell.strip() for cell in line.split("│")[1:-1]] for line in room.told().splitlines() if "│" in line]
    assert cells[0][:7] == ["grace", "all", "3", "61.1 %", "-16.7 %", "3", "-16.7 %"]
    assert cells[3][:7] == ["kurt", "all", "3", "77.8 %", "+16.7 %", "3", "+16.7 %"]
    statistics(room.desk)
    told = room.told()
    assert "3 students; shares of all points, before lateness" in told
    row = next(line for line in told.splitlines() if "hw9_tiny" in line)
    assert [cell.strip() for cell in row.split("│")[1:-1]] == [
        *("hw9_tiny", "2", "55 %", "40 %", "47.5 %", "55 %", "62.5 %", "70 %", "1", "emmy"),
    ]
