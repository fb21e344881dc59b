"""Times of hand-ins come from what the platform says; a file's date only where it is asked for."""

from __future__ import annotations

import os
import sys
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from fractions import Fraction
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.book.handed_in import Download, read_download
from grader.book.importing import of_results
from grader.book.moments import spoken, stamped
from grader.book.roster import Person, Roster
from grader.book.rows import Membership, Score
from grader.book.scores import HandedIn, Results, ResultScore
from grader.errors import CourseError
from grader.intake.submitters import Submitter

ZONE = "Europe/Zurich"
AT = datetime(2027, 3, 5, 20, 10, tzinfo=UTC)
GRADESCOPE = """---
submission_101:
  :submitters:
  - :name: Ada Lovelace
    :sid: '7'
    :email: ada@uni.edu
  - :name: 'Alan: Turing'
    :sid:
  :created_at: 2027-03-05 12:10:00.000000000 -08:00
  :score: 3.0
  :history:
  - :id: 99
    :created_at: 2027-03-01 10:00:00.000000000 Z
submission_102:
  :submitters:
  - :name: Grace Hopper
    :email: g@uni.edu
  :created_at: '2027-03-06 20:10:00.123456789 Z'
submission_103:
  :submitters:
  - :name: Lost Student
  :created_at: yesterday
"""


@pytest.fixture(params=["zip", "folder", "zip with a folder around", "folder with a folder around"])
def download(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[dict[str, str]], Path]:
    """Makes a download of these files: a zip or a folder, with or without a folder around all."""
    around = "assignment_1_export/" if "around" in request.param else ""

    def make(files: dict[str, str]) -> Path:
        if request.param.startswith("zip"):
            with zipfile.ZipFile(tmp_path / "download.zip", "w") as archive:
                for name, text in files.items():
                    archive.writestr(zipfile.ZipInfo(around + name, (2027, 3, 5, 21, 10, 0)), text)
            return tmp_path / "download.zip"
        for name, text in files.items():
            path = tmp_path / "download" / (around + name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
            os.utime(path, (AT.timestamp(), AT.timestamp()))
        return tmp_path / "download"

    return make


Make = Callable[[dict[str, str]], Path]


def told(found: Download) -> dict[str, tuple[datetime, str]]:
    return {each.submission: (each.at, each.by) for each in found.times}


def test_gradescope_says_when_and_who(download: Make) -> None:
    place = download({
        "submission_metadata.yml": GRADESCOPE,
        **{f"submission_{number}/multitask.py": "" for number in (101, 102, 103)},
    })  # fmt: skip
    found = read_download(place, ["submission_101", "submission_102", "submission_103"], ZONE)
    by, later = "Gradescope's metadata", AT + timedelta(days=1, microseconds=123456)
    assert told(found) == {"submission_101": (AT, by), "submission_102": (later, by)}
    assert found.people == {
        "submission_101": (Submitter("Ada Lovelace", "7", "ada@uni.edu"), Submitter("Alan: Turing")),
        "submission_102": (Submitter("Grace Hopper", "", "g@uni.edu"),),
        "submission_103": (Submitter("Lost Student"),),
    }
    with_dates = read_download(place, ["submission_101", "submission_103"], ZONE, file_dates=True)
    assert told(with_dates)["submission_101"] == (AT, by), "a file's date only where nothing else is there"
    assert told(with_dates)["submission_103"] == (AT, "the file's date")


def test_nbgrader_says_it_in_a_file(download: Make) -> None:
    place = download({
        "ada/hw0/timestamp.txt": "2027-03-05 20:10:00.000000 UTC\n",
        "ada/hw0/hw0.ipynb": "{}",
        "alan/hw0/timestamp.txt": "2027-03-05 21:10:00 +01:00",
        "alan/hw0/hw0.ipynb": "{}",
        "eve/hw0/timestamp.txt": "soon",
    })  # fmt: skip
    found = told(read_download(place, ["ada", "alan", "eve"], ZONE))
    assert found == dict.fromkeys(("ada", "alan"), (AT, "nbgrader's timestamp"))


OF_OTHERS = {"ada/hw0/hw0.ipynb": "{}", "bob/hw0/hw0.ipynb": "{}"}
FORGED = "2020-01-01 00:00:00 UTC"


@pytest.mark.parametrize(
    "files",
    [
        {"ada/timestamp.txt": FORGED},
        {"ada/hw0/timestamp.txt": FORGED},
        {"ada/bob/timestamp.txt": FORGED},
        {"ada/hw0/bob/hw0/timestamp.txt": FORGED},
        {"ada/hw0/timestamp.txt": FORGED, "ada/hw1/timestamp.txt": FORGED, "bob/hw0/timestamp.txt": FORGED},
    ],
)
def test_nobody_writes_a_time_for_themselves_or_for_others(download: Make, files: dict[str, str]) -> None:
    assert told(read_download(download({**OF_OTHERS, **files}), ["ada", "bob"], ZONE)) == {}


def test_what_a_student_puts_deeper_takes_nobodys_time(download: Make) -> None:
    """Beside nbgrader's own files."""
    stamps = {f"{name}/hw0/timestamp.txt": "2027-03-05 20:10:00 UTC" for name in ("ada", "bob")}
    forged = {"bob/hw0/data/timestamp.txt": FORGED, "bob/hw0/ada/hw0/timestamp.txt": FORGED}
    found = told(read_download(download({**OF_OTHERS, **stamps, **forged}), ["ada", "bob"], ZONE))
    assert found == dict.fromkeys(("ada", "bob"), (AT, "nbgrader's timestamp"))


def test_a_stamp_beside_gradescopes_metadata_says_nothing(download: Make) -> None:
    place = download({
        "submission_metadata.yml": GRADESCOPE,
        **{f"submission_{number}/hw0/timestamp.txt": FORGED for number in (101, 102, 103)},
    })  # fmt: skip
    assert "submission_103" not in told(read_download(place, ["submission_101", "submission_103"], ZONE))


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_links_and_pipes_are_not_followed_and_cost_their_students_time_alone(tmp_path: Path) -> None:
    for name in ("ada", "bob", "eve"):
        (tmp_path / name / "hw0").mkdir(parents=True)
    (tmp_path / "ada/hw0/timestamp.txt").symlink_to("/nowhere")
    os.mkfifo(tmp_path / "bob/hw0/timestamp.txt")
    (tmp_path / "eve/hw0/timestamp.txt").write_text("2027-03-05 20:10:00 UTC")
    found = told(read_download(tmp_path, ["ada", "bob", "eve"], ZONE))
    assert found == {"eve": (AT, "nbgrader's timestamp")}


def test_a_zip_with_a_damaged_file_is_told(tmp_path: Path) -> None:
    place = tmp_path / "download.zip"
    with zipfile.ZipFile(place, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("submission_metadata.yml", GRADESCOPE * 20)
        archive.writestr("submission_101/multitask.py", "")
    content = bytearray(place.read_bytes())
    content[80:120] = b"\xff" * 40
    place.write_bytes(content)
    with pytest.raises(CourseError, match=r"submission_metadata\.yml: cannot be read"):
        read_download(place, ["submission_101"], ZONE)


def test_names_of_attempts_say_it_and_the_latest_counts(download: Make) -> None:
    place = download({
        "ada+hw0+2027-03-05 20:10:00 UTC/hw0.ipynb": "{}",
        "ada+hw0+2027-03-04 20:10:00.5 UTC/hw0.ipynb": "{}",
        "alan+hw0+2027-03-05 20:10:00 CET/hw0.ipynb": "{}",
    })  # fmt: skip
    assert told(read_download(place, ["ada", "alan"], ZONE)) == {"ada": (AT, "nbgrader's name for it")}


def test_names_with_a_local_time_are_of_the_courses_zone(tmp_path: Path) -> None:
    for name in ("HW0_ada_attempt_2027-03-05-21-10-00_multitask.py", "12-34 - Alan Turing - Mar 5, 2027 910 PM - x.py"):
        (tmp_path / name).write_text("")
    found = told(read_download(tmp_path, ["HW0_ada", "12-34 - Alan Turing"], ZONE))
    assert {name: at.astimezone(UTC) for name, (at, _) in found.items()} == {"HW0_ada": AT, "12-34 - Alan Turing": AT}


def test_canvas_says_only_that_it_is_late(download: Make) -> None:
    place = download({
        "lovelaceada_10001_200001_multitask.py": "a",
        "turingalan_LATE_10002_200002_multitask.py": "b",
    })  # fmt: skip
    names = ["lovelaceada_10001", "turingalan_10002"]
    found = read_download(place, names, ZONE)
    assert found.times == ()
    assert found.notes[0] == "Canvas says late, and not when: turingalan_10002."
    assert "holds no times of hand-ins. Name a table with --times" in found.notes[1]
    with_dates = read_download(place, names, ZONE, file_dates=True)
    assert {name: at.astimezone(UTC) for name, (at, _) in told(with_dates).items()} == dict.fromkeys(names, AT)


def test_a_zip_may_keep_dates_to_the_second_in_utc(tmp_path: Path) -> None:
    stamp = int(AT.timestamp()) + 7
    entry = zipfile.ZipInfo("ada/multitask.py", (2001, 1, 1, 0, 0, 0))
    entry.extra = b"\x55\x54\x05\x00\x01" + stamp.to_bytes(4, "little")
    with zipfile.ZipFile(tmp_path / "d.zip", "w") as archive:
        archive.writestr(entry, "")
    found = read_download(tmp_path / "d.zip", ["ada"], ZONE, file_dates=True)
    assert told(found) == {"ada": (AT + timedelta(seconds=7), "the file's date")}


def test_moodles_worksheet(tmp_path: Path) -> None:
    path = tmp_path / "Grades-HW0.csv"
    path.write_text(
        "Identifier,Full name,Status,Last modified (submission),Grade\n"
        'Participant 1234,Ada Lovelace,Submitted,"Friday, 5 March 2027, 9:10 PM",\n'
        'Participant 1235,Alan Turing,Submitted,"Friday, March 5, 2027, 9:10 PM",\n'
        "Participant 1236,Eve,No submission,-,\n"
        'Participant 1237,Kurt,Submitted,"Freitag, 5. März 2027, 21:10",\n'
        'Participant 9999,Nobody,Submitted,"Friday, 5 March 2027, 9:10 PM",\n',
        encoding="utf-8-sig",
    )
    names = ["Ada Lovelace_1234", "Alan Turing_1235", "Eve_1236", "Kurt_1237"]
    found = read_download(path, names, ZONE)
    assert {name: at.astimezone(UTC) for name, (at, _) in told(found).items()} == dict.fromkeys(names[:2], AT)
    assert {by for _, by in told(found).values()} == {"Moodle's grading worksheet"}
    assert [note.split(": ")[1:3] for note in found.notes] == [
        ["line 5", "'Freitag, 5. März 2027, 21:10' is no time that can be read"]
    ]


def test_github_classrooms_grades(tmp_path: Path) -> None:
    path = tmp_path / "grades.csv"
    path.write_text(
        "assignment_name,github_username,roster_identifier,student_repository_name,submission_timestamp\n"
        "HW0,ada,Ada Lovelace,hw0-ada,2027-03-05T20:10:00.000Z\n"
        "HW0,alan,alan@uni.edu,hw0-alan,2027-03-05 20:10:00 UTC\n"
        "HW0,eve,,hw0-eve,2027-03-05 20:10\n"
        "HW0,kurt,,hw0-kurt,\n"
    )
    found = read_download(path, ["hw0-ada", "alan", "hw0-eve", "hw0-kurt"], ZONE)
    assert told(found) == dict.fromkeys(("hw0-ada", "alan"), (AT, "GitHub Classroom's grades.csv"))
    assert "line 4: '2027-03-05 20:10' is no time with an offset" in found.notes[0]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("x.zip", b"no zip", "is no zip. Name the download as it is"),
        ("x.csv", b"key,name\nada,Ada\n", "is neither Moodle's grading worksheet nor GitHub Classroom's"),
    ],
)
def test_what_is_no_download_is_told(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(CourseError, match=message):
        read_download(tmp_path / name, [], ZONE)


@given(st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1)), st.integers(-14 * 4, 14 * 4))
def test_any_moment_is_read_as_it_was_written(at: datetime, quarters: int) -> None:
    moment = at.replace(tzinfo=timezone(timedelta(minutes=15 * quarters)))
    assert stamped(moment.isoformat(" ", "microseconds")) == moment
    assert stamped(moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")) == moment.replace(microsecond=0)


@pytest.mark.parametrize("text", ["", "now", "2027-13-01 10:00:00 Z", "Friday, 31 February 2027, 9:10 PM", "Friday"])
def test_what_is_no_moment_is_none(text: str) -> None:
    from zoneinfo import ZoneInfo

    assert stamped(text) is None
    assert spoken(text, ZoneInfo(ZONE)) is None


def test_several_who_handed_in_are_a_group_and_each_is_found_by_number_mail_or_name() -> None:
    people = (Person("ada", "A. Lovelace", {"mail": "ada@uni.edu"}), Person("8", "Alan Turing", {}))
    roster = Roster((*people, Person("grace", "Grace Hopper", {})), ("mail",))
    scores = tuple(
        ResultScore(name, "hw0", Fraction(3), Fraction(4), name, AT, "", ())
        for name in ("submission_1", "submission_2")
    )
    results = Results(Path("run"), scores, (), {}, ())
    who = {
        "submission_1": (Submitter("Somebody", "", "ada@uni.edu"), Submitter("Al", "8"), Submitter("Grace Hopper")),
        "submission_2": (Submitter("Nobody"),),
    }
    times = (HandedIn("submission_1", AT, 0, "Gradescope's metadata"),)
    found = of_results(results, times, roster, "results", "hw0", Fraction(4), who)
    told = {"timed_by": "Gradescope's metadata", "graded_at": AT}
    assert found.contents == (
        Score("ada", "hw0", Fraction(3), Fraction(4), AT, "run/submission_1.json", "submission_1", **told),
        *(Membership(key, "submission_1", "hw0") for key in ("ada", "8", "grace")),
    )
    assert [line.split(" (")[0] for line in found.left] == [
        "submission_2: handed in by Nobody: nobody in the book is called so"
    ]


@pytest.mark.parametrize("text", ["0001-01-01 00:00:00 +14:00", "9999-12-31T23:30:00Z", "1969-12-31 23:59:59 UTC"])
def test_a_moment_at_the_ends_of_calendars_is_none(text: str) -> None:
    assert stamped(text) is None
    with pytest.raises(ValueError, match="nothing was handed in in the year"):
        Score("ada", "hw1", Fraction(1), Fraction(2), datetime(9999, 12, 31, tzinfo=UTC))
    assert spoken("Friday, 5 March 9999, 9:10 PM", ZoneInfo("UTC")) is None
