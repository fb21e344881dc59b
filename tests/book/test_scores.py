"""What comes into the book: exact, with its place where it is wrong, and never a zero for a mistake of ours."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.book.policy import Policy, ProjectPart
from grader.book.scores import (
    Excused,
    Extended,
    HandedIn,
    PartScore,
    read_excusals,
    read_extensions,
    read_project,
    read_results,
    read_times,
)
from grader.course.assignment import Homework
from grader.errors import CourseError
from grader.judge.result import CheckResult, Environment, ProblemResult, Result
from grader.judge.verdict import Verdict
from grader.report.class_file import write_class
from grader.report.earlier import Earlier
from grader.report.files import write_result

POLICY = Policy(
    homeworks=(
        Homework(name="hw0_multitask", weight=Fraction(1, 4)),
        Homework(name="hw1_blackbox", weight=Fraction(1, 4)),
        Homework(name="hw1_again", weight=Fraction(0)),
    ),
    late_days=6,
    project=(
        ProjectPart(name="proposal", points=Fraction(10), weight=Fraction(1, 4)),
        ProjectPart(name="Poster session", points=Fraction("7.5"), weight=Fraction(1, 4)),
    ),
)
AT = "2027-02-13T10:00:00+00:00"


def result(
    submission: str, points: str = "3/2", verdict: Verdict = "failed", refused: str = "", of: str = "4"
) -> Result:
    """A result of one check, and of a question that is graded by hand."""
    check = CheckResult(
        id="test_mean",
        problem="2",
        asked="The mean.",
        visibility="hidden",
        verdict=verdict,
        points=points,
        max_points=of,
    )
    return Result(
        assignment="hw0_multitask",
        submission=submission,
        source=f"/class/{submission}",
        fingerprint=f"print of {submission}",
        points=points,
        max_points=of,
        problem=refused,
        problems=(
            ProblemResult(id="2", title="Means", kind="code", points=points, max_points=of),
            ProblemResult(id="3", title="Words", kind="written", points=None, max_points="5"),
        ),
        checks=(check,),
        environment=Environment(
            grader="1", python="3", torch="2", numpy="2", platform="", grading_seed=None, confinement="", layers=()
        ),
        graded_at=AT,
        cpu_seconds=0,
        wall_seconds=0,
    )


# ---- results -------------------------------------------------------------------------------------------------------


def test_results_as_a_run_leaves_them(tmp_path: Path) -> None:
    ada, cut, our = (
        result("ada"),
        result("cut", "0", "invalid", "cut.zip: cannot be read."),
        result("our", "1", "grader_error"),
    )
    for each in (ada, cut, our):
        write_result(tmp_path, each)
    write_class(tmp_path / "class.csv", [ada, cut, our], waiting=["=later"], before=Earlier())
    found = read_results(tmp_path)
    (of_ada, of_cut), (of_our,) = found.scores, found.ungraded
    assert (of_ada.submission, of_ada.homework, of_ada.points, of_ada.of) == ("ada", "hw0_multitask", Fraction(3, 2), 4)
    assert (of_ada.fingerprint, of_ada.graded_at) == ("print of ada", datetime(2027, 2, 13, 10, tzinfo=UTC))
    assert (of_ada.problems, of_ada.refused, of_ada.ungraded) == (("2",), "", False)
    assert (of_cut.points, of_cut.refused, of_cut.ungraded) == (0, "cut.zip: cannot be read.", False)
    assert (of_our.submission, of_our.points, of_our.ungraded) == ("our", None, True)
    assert (found.unreadable, found.waiting) == ({}, ("=later",))


def test_results_may_lie_one_folder_below(tmp_path: Path) -> None:
    write_result(tmp_path / "results", result("ada"))
    assert read_results(tmp_path) == read_results(tmp_path / "results")
    assert read_results(tmp_path).folder == tmp_path / "results"


def test_a_regrade_that_failed_keeps_the_grade_and_is_told(tmp_path: Path) -> None:
    write_result(tmp_path, result("ada"))
    write_result(tmp_path, result("ada", "0", "grader_error"))
    found = read_results(tmp_path)
    assert [score.points for score in found.scores] == [Fraction(3, 2)]
    assert [score.submission for score in found.ungraded] == ["ada"]


def test_results_that_cannot_be_read_are_listed_and_no_zero(tmp_path: Path) -> None:
    write_result(tmp_path, result("ada"))
    whole = json.loads((tmp_path / "ada.json").read_text())
    broken = {
        "cut": (tmp_path / "ada.json").read_text()[:200],
        "newer": json.dumps({**whole, "schema_version": 2, "submission": "newer"}),
        "copy": json.dumps(whole),
        "over": json.dumps({**whole, "submission": "over", "points": "5"}),
        "under": json.dumps({**whole, "submission": "under", "points": "-1"}),
        "float": json.dumps({**whole, "submission": "float", "points": 1.5}),
        "none": json.dumps({**whole, "submission": "none", "points": "0", "max_points": "0"}),
        "when": json.dumps({**whole, "submission": "when", "graded_at": "yesterday"}),
    }
    for name, text in broken.items():
        (tmp_path / f"{name}.json").write_text(text)
    found = read_results(tmp_path)
    assert [score.submission for score in found.scores] == ["ada"]
    assert set(found.unreadable) == {f"{name}.json" for name in broken}
    assert all(why.startswith(f"{tmp_path / name}: ") for name, why in found.unreadable.items())
    assert "is the result of ada" in found.unreadable["copy.json"]
    assert "has 5 of 4 points" in found.unreadable["over.json"]
    assert "could give no points" in found.unreadable["none.json"]


def test_a_folder_without_results(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match="has no results of `make grade`"):
        read_results(tmp_path)
    write_class(tmp_path / "hw0" / "class.csv", [result("ada")])
    with pytest.raises(CourseError, match=r"those of several runs \(hw0\): name one"):
        read_results(tmp_path)


# ---- tables --------------------------------------------------------------------------------------------------------


def saved(folder: Path, text: str) -> Path:
    path = folder / "table.csv"
    path.write_text(text, encoding="utf-8")
    return path


def faults(refused: pytest.ExceptionInfo[CourseError], path: Path) -> list[str]:
    return [line.removeprefix(f"{path}: ") for line in str(refused.value).splitlines()]


@pytest.mark.parametrize(
    ("written", "zone", "at"),
    [
        ("2027-02-12T23:59:00+01:00", "", datetime(2027, 2, 12, 22, 59, tzinfo=UTC)),
        ("2027-02-12 23:59:00.25Z", "", datetime(2027, 2, 12, 23, 59, 0, 250_000, tzinfo=UTC)),
        ("2027-02-12 23:59 UTC", "", datetime(2027, 2, 12, 23, 59, tzinfo=UTC)),
        ("2027-02-12 23:59:00 -0800", "", datetime(2027, 2, 13, 7, 59, tzinfo=UTC)),
        ("2027-02-12T23:59", "Europe/Zurich", datetime(2027, 2, 12, 22, 59, tzinfo=UTC)),
        ("2027-02-12T23:59+05:30", "Europe/Zurich", datetime(2027, 2, 12, 18, 29, tzinfo=UTC)),
        ("2027-10-31T02:30", "Europe/Zurich", datetime(2027, 10, 31, 0, 30, tzinfo=UTC)),
    ],
)
def test_times(tmp_path: Path, written: str, zone: str, at: datetime) -> None:
    (found,) = read_times(saved(tmp_path, f"submission,handed_in,zone\nada,{written},{zone}\n"))
    assert found == HandedIn("ada", found.at, 2, "table.csv")
    assert found.at.astimezone(UTC) == at
    assert found.at.tzinfo is not None


def test_times_need_no_column_for_zones(tmp_path: Path) -> None:
    (found,) = read_times(saved(tmp_path, "submission,handed_in\nada,2027-02-12T23:59:00+01:00\n"))
    assert found.at == datetime(2027, 2, 12, 23, 59, tzinfo=timezone(timedelta(hours=1)))


def test_times_that_cannot_be(tmp_path: Path) -> None:
    path = saved(
        tmp_path,
        "submission,handed_in,zone\n"
        "a,2027-02-12T23:59:00,\n"
        "b,2027-02-12,Europe/Zurich\n"
        "c,2027-02-30T10:00Z,\n"
        "d,2027-03-28T02:30,Europe/Zurich\n"
        "e,2027-02-12T23:59,Zurich\n"
        "f,,\n"
        ",yesterday,\n"
        "a,2027-02-12T23:59:00Z,\n"
        "g,0001-01-01T00:00+10:00,\n"
        "h,12.2.2027 23:59,\n"
        "i,2027-02-12T23:59,../../etc/passwd\n",
    )
    with pytest.raises(CourseError) as refused:
        read_times(path)
    found = faults(refused, path)
    assert found[0] == (
        "line 2, column 'handed_in': '2027-02-12T23:59:00' has no offset, so it could be anywhere. Write it like "
        "2027-02-12T23:59:00+01:00, or add a column 'zone' with a name such as Europe/Zurich."
    )
    assert found[1].startswith("line 3, column 'handed_in': '2027-02-12' is no time.")
    assert found[2].startswith("line 4, column 'handed_in': '2027-02-30T10:00Z' is in no calendar.")
    assert "is a time that no clock in Europe/Zurich showed" in found[3]
    assert found[4].startswith("line 6, column 'zone': 'Zurich' is no time zone.")
    assert found[5].startswith("line 7, column 'handed_in': is empty.")
    assert found[6].startswith("line 8, column 'submission': is empty.")
    assert found[7].startswith("line 8, column 'handed_in': 'yesterday' is no time.")
    assert found[8] == "line 9: is of 'a', as is line 2. Remove one of the two."
    assert "is in no calendar" in found[9]
    assert "is no time" in found[10]
    assert "is no time zone" in found[11]
    assert len(found) == 12


def test_scores_of_the_project(tmp_path: Path) -> None:
    path = saved(tmp_path, "student;part;points\nada;Proposal;7,5\nada;poster session;15/2\nbob;proposal;0\n")
    assert read_project(path, POLICY) == (
        PartScore("ada", "proposal", Fraction(15, 2), Fraction(10), 2),
        PartScore("ada", "Poster session", Fraction(15, 2), Fraction(15, 2), 3),
        PartScore("bob", "proposal", Fraction(0), Fraction(10), 4),
    )


def test_scores_that_cannot_be(tmp_path: Path) -> None:
    path = saved(
        tmp_path,
        "student,part,points\n"
        "ada,proposal,8\n"
        "ada,propsal,x\n"
        "bob,poster session,8\n"
        "bob,proposal,-1\n"
        ",,\n"
        "bob,,\n"
        'eve,proposal,"1,000"\n'
        "ADA,Proposal,8\n"
        "fay,proposal,nan\n"
        "gus,proposal,1e1\n"
        "hal,proposal,9,5\n",
    )
    with pytest.raises(CourseError) as refused:
        read_project(path, POLICY)
    assert faults(refused, path) == [
        "line 3, column 'points': 'x' is no number. Write it like 7, 7.5 or 15/2.",
        "line 3, column 'part': 'propsal' is no part of the project. There is: proposal, Poster session.",
        "line 4, column 'points': '8' is more than Poster session has: 7.5. Write fewer points.",
        "line 5, column 'points': '-1' is below 0. Write 0 or more.",
        "line 7, column 'part': is empty. Fill it in, or remove the line.",
        "line 7, column 'points': is empty. Fill it in, or remove the line.",
        "line 8, column 'points': '1,000' is no number. Write it like 7, 7.5 or 15/2.",
        "line 9: is of 'ADA' and 'proposal', as is line 2. Remove one of the two.",
        "line 10, column 'points': 'nan' is no number. Write it like 7, 7.5 or 15/2.",
        "line 11, column 'points': '1e1' is no number. Write it like 7, 7.5 or 15/2.",
        "line 12: has 4 cells, but there are 3 columns. Put a cell with a comma, or with whatever separates cells "
        "here, into quotes.",
    ]


def test_extensions(tmp_path: Path) -> None:
    path = saved(tmp_path, 'student,homework,days,reason\nada,HW0,3,"ill, with a note"\nbob,hw1_again,1,moving\n')
    assert read_extensions(path, POLICY) == (
        Extended("ada", "hw0_multitask", 3, "ill, with a note", 2),
        Extended("bob", "hw1_again", 1, "moving", 3),
    )


def test_extensions_that_cannot_be(tmp_path: Path) -> None:
    rows = [
        "ada,hw1,1,x",
        "ada,hw9,0,x",
        "ada,hw0,1.5,",
        "bob,hw0,-2,x",
        "eve,hw0,367,x",
        "fay,hw0,3,x",
        "fay,hw0_multitask,3,x",
    ]
    path = saved(tmp_path, "\n".join(["student,homework,days,reason", *rows]))
    with pytest.raises(CourseError) as refused:
        read_extensions(path, POLICY)
    days = "is no number of days. Write a whole number from 1 to 366."
    assert faults(refused, path) == [
        "line 2, column 'homework': 'hw1' may be several homeworks. Write one of hw1_blackbox, hw1_again.",
        "line 3, column 'homework': 'hw9' is no homework of the course. Write one of hw0_multitask, hw1_blackbox, "
        "hw1_again.",
        f"line 3, column 'days': '0' {days}",
        f"line 4, column 'days': '1.5' {days}",
        "line 4, column 'reason': is empty. Fill it in, or remove the line.",
        f"line 5, column 'days': '-2' {days}",
        f"line 6, column 'days': '367' {days}",
        "line 8: is of 'fay' and 'hw0_multitask', as is line 7. Remove one of the two.",
    ]


def test_excusals(tmp_path: Path) -> None:
    path = saved(tmp_path, "student\thomework\treason\nada\thw0\ton exchange\n")
    assert read_excusals(path, POLICY) == (Excused("ada", "hw0_multitask", "on exchange", 2),)
    with pytest.raises(CourseError, match="line 2, column 'reason': is empty"):
        read_excusals(saved(tmp_path, "student,homework,reason\nada,hw0,\n"), POLICY)
    with pytest.raises(CourseError, match="column 'days': is not known here"):
        read_excusals(saved(tmp_path, "student,homework,reason,days\nada,hw0,x,3\n"), POLICY)


@given(st.integers(0, 1000), st.integers(1, 50))
@settings(derandomize=True, max_examples=100)
def test_points_are_exact(tmp_path_factory: pytest.TempPathFactory, above: int, below: int) -> None:
    points = Fraction(above, below)
    path = saved(tmp_path_factory.getbasetemp(), f"student,part,points\nada,proposal,{points}\n")
    if points <= 10:
        assert [score.points for score in read_project(path, POLICY)] == [points]
    else:
        with pytest.raises(CourseError, match="is more than proposal has: 10"):
            read_project(path, POLICY)
