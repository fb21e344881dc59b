"""What was read finds its student, or is told; nothing is dropped, and nothing is guessed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from grader.book.entered import grouped, with_known_times
from grader.book.importing import (
    of_extensions,
    of_people,
    of_project,
    of_results,
    of_roster,
    roster_of,
)
from grader.book.roster import Person, Roster
from grader.book.rows import Alias, Entry, Extension, Membership, Pending, Score, Student
from grader.book.rows import Person as Known
from grader.book.scores import Extended, HandedIn, PartScore, Results, ResultScore
from grader.book.standing import PROJECT
from grader.intake.submitters import Submitter

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
        Score("ada", "hw0_multitask", Fraction(30), Fraction(40), NOW, "run/ada_l.json", "print-ada_l", graded_at=NOW),
    )
    assert len(found.left) == 8, "of late nobody knows who that is, and no run came to it"
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


def test_what_we_failed_to_judge_is_known_to_be_handed_in() -> None:
    results = Results(Path("run"), (result("ada_l", 7),), (result("ada_l", None), result("alan", None)), {}, ("eve",))
    found = of_results(results, (), CLASS, "key", "hw0_multitask", Fraction(40), {"ada_l": (ADA,), "alan": (ADA, BOB)})
    assert [each for each in found.contents if isinstance(each, Pending)] == [Pending("eve", "hw0_multitask", "")]
    assert "ada_l, alan: are all of ada. Keep one, or correct the roster." in found.left
    found = of_results(results, (), CLASS, "key", "hw0_multitask", Fraction(40), {"ada_l": (ADA,), "alan": (BOB, EVE)})
    pending = [each for each in found.contents if isinstance(each, Pending)]
    assert [(each.student, each.fingerprint) for each in pending] == [
        ("ada", "print-ada_l"), ("bob", "print-alan"), ("eve", ""),
    ]  # fmt: skip
    assert {each.student for each in found.contents if isinstance(each, Membership)} == {"bob", "eve"}


def test_an_older_grading_never_replaces_a_newer_one_in_silence() -> None:
    newer = Score(
        "ada", "hw0_multitask", Fraction(35), Fraction(40), None, "b/ada_l.json", "print-ada_l", graded_at=NOW
    )
    entries = [Entry(newer, "me", "", NOW)]
    day = timedelta(days=1)
    for graded_at, points, taken in (
        (NOW - day, 10, False),
        (NOW - day, 35, True),
        (NOW, 10, True),
        (NOW + day, 10, True),
    ):
        results = Results(Path("a"), (replace(result("ada_l", points), graded_at=graded_at),), (), {}, ())
        found = of_results(results, (), ROSTER, "results", "hw0_multitask", Fraction(40), {}, entries)
        assert bool(found.contents) == taken
        assert any("the book has a newer result" in line and entries[0].id in line for line in found.left) != taken


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


# ---- whose a submission is, as a platform says -----------------------------------------------------------------------

CLASS = Roster(
    (
        Person("ada", "Ada Lovelace", {"canvas": "1001"}),
        Person("bob", "Bob Hope", {"sis": "1001"}),
        Person("eve", "Eve Curie", {"canvas": "7"}),
    ),
    ("canvas", "sis"),
)
ADA, BOB, EVE = (Submitter(name) for name in ("Ada Lovelace", "Bob Hope", "Eve Curie"))


def test_a_number_that_two_have_says_nothing_and_the_name_does() -> None:
    found = of_people({"s1": (Submitter("Ada Lovelace", "1001"),)}, ["s1"], CLASS, "hw1")
    assert found.found == {"s1": "ada"}
    assert of_people({"s1": (Submitter("E. C.", "7"),)}, ["s1"], CLASS, "hw1").found == {"s1": "eve"}


def test_who_hands_in_alone_leaves_the_platforms_group() -> None:
    before = of_people({"s1": (ADA, BOB)}, ["s1"], CLASS, "hw1").together
    assert before == (Membership("ada", "s1", "hw1"), Membership("bob", "s1", "hw1"))
    of_both = Score("ada", "hw1", Fraction(1), Fraction(4), None, "run/s1.json", "f")
    why = "results of hw1"
    entries = [Entry(content, "me", why, NOW, place) for place, content in enumerate((of_both, *before))]
    assert grouped(entries, "hw1") == {"ada", "bob"}
    now = of_people(
        {"s2": (ADA,), "s3": (BOB,), "s4": (EVE,)}, ["s2", "s3", "s4"], CLASS, "hw1", grouped(entries, "hw1")
    )
    assert now.together == (Membership("ada", "", "hw1"), Membership("bob", "", "hw1"))
    left = [*entries, *(Entry(content, "me", why, NOW, 9 + place) for place, content in enumerate(now.together))]
    assert grouped(left, "hw1") == set()


@pytest.mark.parametrize("group", ["", "team A"])
def test_what_staff_said_of_a_group_stays_and_is_told(group: str) -> None:
    """Ada took no part, or in another team: the same import again must not give her Bob's points back."""
    results = Results(Path("run"), (result("s1"),), (), {}, ())
    given: Any = (results, (), CLASS, "canvas", "hw0_multitask", Fraction(40), {"s1": (BOB, ADA)})
    entries = [
        Entry(content, "me", "results of hw0_multitask", NOW, place)
        for place, content in enumerate([Student("ada", "Ada"), Student("bob", "Bob"), *of_results(*given).contents])
    ]
    entries.append(Entry(Membership("ada", group, "hw0_multitask"), "me", "groups.csv", NOW, 9))
    again = of_results(*given, entries)
    assert Membership("ada", "s1", "hw0_multitask") not in again.contents
    assert [each.student for each in again.contents if isinstance(each, Score)] == ["bob"]
    assert any(line.startswith("s1: The platform says that bob, ada handed it in") for line in again.left)


def test_two_submissions_of_one_student_are_told_and_neither_is_entered() -> None:
    found = of_people({"s1": (ADA, BOB), "s2": (ADA,), "s3": (EVE,)}, ["s1", "s2", "s3"], CLASS, "hw1")
    assert found.found == {"s3": "eve"}
    assert found.left == ("s1, s2: are all of ada. Keep one, or correct the roster.",)
    assert found.together == ()


def test_a_groups_regrade_replaces_the_score_whoever_is_known_by_then() -> None:
    """Ada came into the roster only after the first import; then she is the first of the group."""
    results = Results(Path("run"), (result("s1"),), (), {}, ())
    given: Any = (results, (), CLASS, "canvas", "hw0_multitask", Fraction(40), {"s1": (ADA, BOB)})
    fresh = of_results(*given)
    assert [each.student for each in fresh.contents if isinstance(each, Score)] == ["ada"]
    of_bob = Score("bob", "hw0_multitask", Fraction(1), Fraction(40), None, "a.json", results.scores[0].fingerprint)
    again = of_results(*given, [Entry(of_bob, "me", "", NOW)])
    assert [each.student for each in again.contents if isinstance(each, Score)] == ["bob"]
    assert {each.student for each in again.contents if isinstance(each, Membership)} == {"ada", "bob"}
    of_other = replace(of_bob, fingerprint="another hand-in")
    assert of_results(*given, [Entry(of_other, "me", "", NOW)]) == fresh


def test_groups_are_entered_only_with_a_score() -> None:
    results = Results(Path("run"), (result("s1", homework="hw1_blackbox"),), (), {}, ())
    found = of_results(results, (), CLASS, "canvas", "hw0_multitask", Fraction(40), {"s1": (ADA, BOB)})
    assert found.contents == ()


def test_a_regrade_without_a_time_keeps_the_one_that_is_known() -> None:
    late = Score("ada", "hw1", Fraction(1), Fraction(4), NOW, "a.json", "f", timed_by="Moodle")
    again = Score("ada", "hw1", Fraction(3), Fraction(4), None, "b.json", "f")
    other = Score("ada", "hw1", Fraction(3), Fraction(4), None, "b.json", "another hand-in")
    timed, untimed = with_known_times([again, other], [Entry(late, "me", "", NOW)])
    assert isinstance(timed, Score)
    assert (timed.points, timed.handed_in, timed.timed_by) == (3, NOW, "Moodle")
    assert untimed == other
