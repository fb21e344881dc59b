"""A grading worksheet of Moodle: grades and comments are filled in, and every other byte is what it was."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from grader.book.moodle import comment, fill, read_worksheet
from grader.book.of_homework import Came
from grader.book.roster import Person, Roster
from grader.errors import CourseError

PATH = Path("Grades-HW0.csv")
HEADING = "Identifier,Full name,Email address,Status,Grade,Maximum Grade,Grade can be changed,Last modified (grade)"
ROSTER = Roster(
    (
        Person("ada", "Ada Lovelace", {"email": "ada@uni.edu"}),
        Person("alan", "Alan Turing", {"moodle": "Turing, Alan M."}),
        Person("max", "Max Müller", {}),
        Person("max2", "Max Müller", {"email": "max2@uni.edu"}),
    ),
    ("email", "moodle"),
)


def sheet(*lines: str, heading: str = f"{HEADING},Feedback comments") -> bytes:
    return "".join(f"{line}\r\n" for line in (heading, *lines)).encode()


def came(points: str, submission: str = "") -> Came:
    return Came(Fraction(points), Fraction(points), Fraction(50), None, submission, (f"hw0: {points} of 50 points.",))


def test_whose_a_line_is() -> None:
    content = sheet(
        "Participant 1,A. Lovelace,ADA@uni.edu,Submitted,,50.00,Yes,-,",
        "Participant 2,Alan M. Turing,,Submitted,,50.00,Yes,-,",
        "Participant 3,Max Müller,,Submitted,,50.00,Yes,-,",
        "Participant 4,Max Müller,max2@uni.edu,Submitted,,50.00,Yes,-,",
        "Participant 5,Nobody Else,,Submitted,,50.00,Yes,-,",
    )
    points = {"ada": came("50"), "alan": came("1.005"), "max": came("2"), "max2": came("3", "Max Müller_4")}
    found = fill(content, PATH, points, ROSTER)
    assert found.graded == ("ada", "alan", "max2"), "of two with one name the one with the number or address is sure"
    assert found.content.decode().splitlines()[2] == (
        "Participant 2,Alan M. Turing,,Submitted,1.01,50.00,Yes,-,hw0: 1.005 of 50 points."
    )
    assert [each.called for each in found.only_there] == ["Max Müller", "Nobody Else"]
    assert found.only_here == ("max",)
    assert fill(content, PATH, {}, ROSTER).content == content


def test_without_names_the_numbers_of_this_homeworks_submissions_say_it() -> None:
    heading = "Identifier,Status,Grade,Maximum Grade,Grade can be changed,Last modified (grade),Feedback comments"
    content = sheet("Participant 17,Submitted,,50.00,Yes,-,", "Participant 18,Submitted,,50.00,Yes,-,", heading=heading)
    found = fill(content, PATH, {"ada": came("7", "Participant_18"), "max": came("8", "hw0_99")}, ROSTER)
    assert found.content == content.replace(b"18,Submitted,,", b"18,Submitted,7,").replace(
        b"-,\r\n", b"-,hw0: 7 of 50 points.\r\n"
    ).replace(b"-,hw0: 7 of 50 points.", b"-,", 1)
    assert [each.called for each in found.only_there] == ["Participant 17"]
    assert found.only_here == ("max",)


def test_a_number_beside_another_name_says_nothing() -> None:
    """Canvas's names end in numbers, too, and so do Moodle's of another homework."""
    content = sheet("Participant 18,Alan Turing,,Submitted,,50.00,Yes,-,")
    found = fill(content, PATH, {"ada": came("7", "lovelaceada_18"), "alan": came("8", "Alan Turing_99")}, ROSTER)
    assert (found.graded, found.only_here) == (("alan",), ("ada",))


def test_what_cannot_be_changed_and_what_somebody_said_stays() -> None:
    content = sheet(
        "Participant 1,Ada Lovelace,,Submitted,3.00,50.00,No,-,",
        'Participant 2,Alan Turing,,Submitted,4.00,50.00,Yes,-,"<p>See me, Alan</p>"',
    )
    found = fill(content, PATH, {"ada": came("7"), "alan": came("8")}, ROSTER)
    assert found.content == content.replace(b"4.00,50", b"8,50")
    assert [each.called for each in found.locked] == ["Ada Lovelace"]
    assert [each.called for each in found.said] == ["Alan Turing"]
    assert fill(found.content, PATH, {"ada": came("7"), "alan": came("8")}, ROSTER).content == found.content


def test_a_decimal_comma_and_no_column_for_comments() -> None:
    content = sheet('Participant 1,Ada Lovelace,,Submitted,,"50,00",Yes,-', heading=HEADING)
    found = fill(content, PATH, {"ada": came("7.5")}, ROSTER)
    assert found.content == content.replace(b',,"50', b',"7,5","50')


def test_comments_are_harmless_in_spreadsheets_and_in_moodle() -> None:
    assert comment(["=1+1 & <b>", "two"]) == "'=1+1 &amp; &lt;b&gt;<br>two"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is no grading worksheet of Moodle: its first line needs once the column 'Identifier'"),
        (b"Kennung,Bewertung\nTeilnehmer 1,\n", "Download it with Moodle in English"),
        (sheet("Participant 1,Ada"), "line 2: has 2 cells, but there are 9 columns"),
        (
            sheet("Participant 1,Ada,,Submitted,,100.00,Yes,-,"),
            "Set the maximum grade of the assignment in Moodle to 50",
        ),
        (sheet("Participant 1,Ada,,Submitted,,,Yes,-,"), "column 'Maximum Grade': says ''"),
    ],
)
def test_what_cannot_be_filled(content: bytes, said: str) -> None:
    with pytest.raises(CourseError, match=r"Grades-HW0\.csv: ") as refused:
        fill(content, PATH, {"a": came("7")}, Roster((Person("a", "Ada", {}),), ()))
    assert said in str(refused.value)


def test_a_worksheet_without_participants() -> None:
    assert read_worksheet(sheet(), PATH).participants == ()


@pytest.mark.parametrize(
    ("there", "stale", "said"),
    [
        ("hw0: 40 of 50 points.", ["Ada L"], []),
        ("hw0: 40 of 50 points.<br>See me.", ["Ada L"], []),
        ("hw0: 45 of 50 points.", [], []),
        ("hw1: 40 of 50 points.", [], ["Ada L"]),
        ("Well done: 40 of 50 points", [], ["Ada L"]),
    ],
)
def test_a_comment_of_an_earlier_filling_that_tells_other_points_is_told(
    there: str, stale: list[str], said: list[str]
) -> None:
    content = sheet(f"Participant 1,Ada L,ada@uni.edu,Submitted,,50.00,Yes,-,{there}")
    found = fill(content, PATH, {"ada": came("45")}, ROSTER)
    assert ([each.called for each in found.stale], [each.called for each in found.said]) == (stale, said)
    assert there in found.content.decode()
