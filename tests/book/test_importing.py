"""What was read finds its student, or is told; nothing is dropped, and nothing is guessed."""

from __future__ import annotations

from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path

import pytest

from grader.book.importing import of_extensions, of_project, of_results, of_roster, roster_of
from grader.book.roster import Person, Roster
from grader.book.rows import Alias, Extension, Score, Student
from grader.book.rows import Person as Known
from grader.book.scores import Extended, HandedIn, PartScore, Results, ResultScore
from grader.book.standing import PROJECT

NOW = datetime(2027, 3, 5, 20, 0, tzinfo=UTC)
ROSTER = Roster((Person("ada", "Ada Lovelace", {"results": "ada_l"}), Person("alan", "Alan Turing", {})), ("results",))


def result(name: str, points: int | None = 30, homework: str = "hw0_multitask") -> ResultScore:
    return ResultScore(
        name, homework, None if points is None else Fraction(points), Fraction(40), f"print-{name}", NOW, "", ()
    )


def test_a_roster_is_entered_with_all_names() -> None:
    assert of_roster(ROSTER).contents == (
        Student("ada", "Ada Lovelace"),
        Student("alan", "Alan Turing"),
        Alias("ada", "results", "ada_l"),
    )


def test_every_result_is_entered_or_told() -> None:
    results = Results(
        Path("run"),
        (result("ada_l"), result("adal"), result("alan", homework="hw1_blackbox")),
        (result("alan", None),),
        {"broken.json": "is no result."},
        ("late",),
    )
    times = (HandedIn("ada_l", NOW, 2), HandedIn("nobody", NOW, 3))
    found = of_results(results, times, ROSTER, "results", "hw0_multitask", Fraction(40))
    assert found.contents == (
        Score("ada", "hw0_multitask", Fraction(30), Fraction(40), NOW, "run/ada_l.json", "print-ada_l"),
    )
    assert len(found.left) == 7
    for name, says in [
        ("adal", "nobody in the book is called so"),
        ("alan", "nobody in the book is called so"),
        ("nobody", "has a time, but no result"),
        ("alan", "is of hw1_blackbox"),
        ("alan", "has no grade, by a fault of ours"),
        ("broken.json", "is no result"),
        ("late", "is still to be graded"),
    ]:
        assert any(line.startswith(f"{name}: ") and says in line for line in found.left), says


def test_a_run_of_some_problems_is_no_grade() -> None:
    results = Results(Path("run"), (result("ada_l"),), (), {}, ())
    found = of_results(results, (), ROSTER, "results", "hw0_multitask", Fraction(44))
    assert found.contents == ()
    assert found.left == ("ada_l: only problems  were graded. Grade all of them.",)


def test_two_submissions_of_one_student_are_told_and_none_is_taken() -> None:
    people = [Known("ada", "Ada", frozenset({"ada"}), {"results": ("ada_l", "countess")})]
    results = Results(Path("run"), (result("ada_l"), result("countess")), (), {}, ())
    found = of_results(results, (), roster_of(people), "results", "hw0_multitask", Fraction(40))
    assert found.contents == ()
    assert found.left == ("ada_l and countess: all are ada's. Say which counts: take the others out of the folder.",)


@pytest.mark.parametrize("called", ["ada", "Ada Lovelace", "ada lovelace", "Lovelace, Ada"])
def test_people_are_named_by_key_or_by_name(called: str) -> None:
    part = PartScore(called, "poster", Fraction(18), Fraction(20), 2)
    assert of_project([part], ROSTER, "poster.csv").contents == (
        Score("ada", "poster", Fraction(18), Fraction(20), None, "poster.csv, line 2", "", PROJECT),
    )
    assert of_extensions([Extended(called, "hw1", 2, "ill", 2)], ROSTER).contents == (
        Extension("ada", "hw1", 2, "ill"),
    )


def test_who_cannot_be_found_is_told_with_the_nearest() -> None:
    found = of_extensions([Extended("Adda Lovelace", "hw1", 2, "ill", 7)], ROSTER)
    assert found.contents == ()
    (line,) = found.left
    assert line.startswith("line 7: Adda Lovelace: nobody in the book is called so (name). Nearest: Ada Lovelace (ada)")
