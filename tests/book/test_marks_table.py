"""Points by hand from a table: points, items or both; all that is wrong is told at once, with line and column."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.book.importing import of_marks
from grader.book.marks import read_marks
from grader.book.roster import Person, Roster
from grader.book.rows import Groups, Marked
from grader.errors import CourseError
from grader.hand.marking import Marking, points_of

from .test_standing import COURSE, RUBRIC

RUBRICS = {"hw0": RUBRIC}
HEADING = "student,homework,question,points,items,comment\n"


def read(folder: Path, lines: str, heading: str = HEADING) -> list[Marking]:
    path = folder / "marks.csv"
    path.write_text(heading + lines)
    return [each.marking for each in read_marks(path, COURSE, RUBRICS)]


@pytest.mark.parametrize(
    ("cells", "marking"),
    [
        (",most slip,", Marking(("most", "slip"))),
        (",MOST; Slip,see 7b", Marking(("most", "slip"), Fraction(0), "see 7b")),
        ('"1,5",,', Marking((), Fraction(3, 2))),
        ("0,,nothing", Marking((), Fraction(0), "nothing")),
        ("1/3,,", Marking((), Fraction(1, 3))),
        ("2,most rest,", Marking(("most", "rest"))),  # more than the cap: no adjustment is needed
        ("5/3,most,", Marking(("most",), Fraction(1, 3))),
        ("0,slip,", Marking(("slip",))),
    ],
)
def test_a_line_is_a_marking(tmp_path: Path, cells: str, marking: Marking) -> None:
    assert read(tmp_path, f"ada,hw0,7A,{cells}\n") == [marking]


@given(st.fractions(0, 2, max_denominator=12), st.sets(st.sampled_from(["most", "rest", "slip"])))
def test_points_beside_items_are_what_the_answer_gets(
    tmp_path_factory: pytest.TempPathFactory, points: Fraction, items: set[str]
) -> None:
    folder = tmp_path_factory.getbasetemp()
    (marking,) = read(folder, f"ada,hw0,7a,{points},{' '.join(items)},\n")
    assert points_of(RUBRIC.questions[0], marking) == points
    assert set(marking.items) == items


def test_all_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    lines = "ada,hw0,7z,1,,\nada,hw9,7a,1,,\nada,hw0,7a,3,,\nada,hw0,7b,,mots most most,\n,hw0,7b,x,,\n"
    lines += "eve,hw0,7b,,,only words\nbob,hw1,7a,1,,\nbob,hw0,7c,1,,\nBob,hw0,7c,2,,\n"
    with pytest.raises(CourseError) as caught:
        read(tmp_path, lines)
    told = [line.removeprefix(f"{tmp_path / 'marks.csv'}: ") for line in str(caught.value).splitlines()]
    assert told == [
        "line 2, column 'question': '7z' is no question of hw0. There is: 7a, 7b, 7c.",
        "line 3, column 'homework': 'hw9' is no homework of the course. Write one of hw0, hw1, hw2, hw3, hw4.",
        "line 4, column 'points': '3' is not what 7a can give: from 0 to 2. Correct it.",
        "line 5, column 'items': 'mots' is no item of 7b. There is: most, rest, slip.",
        "line 5, column 'items': 'most' stands there twice. Remove one.",
        "line 6, column 'student': is empty. Fill it in, or remove the line.",
        "line 6, column 'points': 'x' is no number. Write it like 7, 7.5 or 15/2.",
        "line 7, column 'points': is empty, and no items are named. Write points, items or both.",
        "line 8, column 'homework': hw1 has no rubric in the book. Enter it first: book rubric hw1.",
        "line 10: is of 'Bob' and 'hw0' and '7c', as is line 9. Remove one of the two.",
    ]


def test_a_table_needs_points_or_items(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match="neither a column 'points' nor a column 'items'"):
        read(tmp_path, "ada,hw0,7a,good\n", "student,homework,question,comment\n")
    assert read(tmp_path, "ada,hw0,7a,most\n", "student,homework,question,items\n") == [Marking(("most",))]


def test_each_line_finds_its_student_or_is_told(tmp_path: Path) -> None:
    path = tmp_path / "marks.csv"
    path.write_text(HEADING + "Ada Lovelace,hw0,7a,1,,good\nnobody,hw0,7a,1,,\n")
    found = of_marks(read_marks(path, COURSE, RUBRICS), Roster((Person("ada", "Ada Lovelace", {}),), ()))
    assert found.contents == (Marked("ada", "hw0", "7a", (), Fraction(1), "good"),)
    assert [line.split(":")[:2] for line in found.left] == [["line 3", " nobody"]]


def test_lines_that_disagree_about_one_answer_are_told_and_none_is_entered(tmp_path: Path) -> None:
    """By key and by name, and by two members of a group."""
    roster = Roster((Person("ada", "Ada Lovelace", {}), Person("bob", "Bob Hope", {})), ())
    path = tmp_path / "marks.csv"
    path.write_text(HEADING + "ada,hw0,7a,1,,\nAda Lovelace,hw0,7a,2,,\nbob,hw0,7a,1,,\n")
    found = of_marks(read_marks(path, COURSE, RUBRICS), roster)
    assert found.contents == (Marked("bob", "hw0", "7a", (), Fraction(1)),)
    assert found.left == ("lines 2, 3: say different things of ada, hw0 7a. Keep one.",)
    path.write_text(HEADING + "ada,hw0,7a,1,,\nbob,hw0,7a,2,,\n")
    together = Groups({("ada", ""): "a", ("bob", ""): "a"}, {"a": ("ada", "bob")})
    found = of_marks(read_marks(path, COURSE, RUBRICS), roster, together)
    assert (found.contents, found.left) == ((), ("lines 2, 3: say different things of ada and bob, hw0 7a. Keep one.",))
    path.write_text(HEADING + "ada,hw0,7a,1,,\nbob,hw0,7a,1,,\n")
    assert len(of_marks(read_marks(path, COURSE, RUBRICS), roster, together).contents) == 1


def test_what_no_book_can_hold_is_told_with_its_place(tmp_path: Path) -> None:
    with pytest.raises(CourseError) as caught:
        read(tmp_path, f"ada,hw0,7a,1,,{'long ' * 3000}\n{'x' * 300},hw0,7a,1,,\n")
    assert "line 2, column 'comment': is longer than 10000 characters. Shorten it." in str(caught.value)
    assert "line 3, column 'student': is longer than 250 characters. Shorten it." in str(caught.value)
