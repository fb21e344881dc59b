"""A class in numbers, on results that are made up so that every number is known."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import pytest

from grader.judge.result import Attempt, Diagnosis, Result
from grader.report.class_numbers import FEWEST, counted, items, lessons, spread
from grader.report.class_page import ClassReport, class_page

MadeUp = Callable[..., Result]


def named(result: Result, problem: str, mutant: str) -> Result:
    """The same with a known mistake in the check of this problem, which gives nothing."""
    known = Diagnosis(mutant=mutant, says=f"You did {mutant}.", hint="Do not.", shown="always")
    checks = tuple(
        check.model_copy(update={"verdict": "failed", "points": Fraction(0), "diagnosis": known})
        if check.problem == problem
        else check
        for check in result.checks
    )
    points = sum((check.points for check in checks), Fraction(0))
    return result.model_copy(update={"checks": checks, "points": points})


def test_unread_and_ungraded_work_is_in_no_number(made_up: MadeUp) -> None:
    ours, unread = made_up("ours", 0, "grader_error"), made_up("unread", 0, "invalid", problem="no file")
    assert [each.submission for each in counted([made_up("ada"), ours, unread])] == ["ada"]


@pytest.mark.parametrize(
    ("points", "place"), [(0, 0), (Fraction(1, 4), 0), (Fraction(3, 10), 1), (Fraction(29, 10), 9), (3, 9)]
)
def test_each_grade_is_in_one_tenth(made_up: MadeUp, points: Fraction, place: int) -> None:
    bins = spread([made_up("ada", points, "failed")])
    assert [i for i, each in enumerate(bins) if each.names] == [place]
    assert (bins[0].least, bins[-1].most) == (0, 100)


def test_the_mistakes_that_cost_most_come_first(made_up: MadeUp) -> None:
    twice, once = "twice", "once"
    results = [named(made_up("a"), "1", twice), named(made_up("b"), "1", twice), named(made_up("c"), "2", once)]
    found = lessons(results)
    assert [(each.says, each.names, each.cost) for each in found] == [
        ("You did twice.", ("a", "b"), Fraction(6)),
        ("You did once.", ("c",), Fraction(3)),
    ]


def test_difficulty_and_discrimination(made_up: MadeUp) -> None:
    """Problem 1 goes with the rest, problem 3 against it."""
    results = []
    for i in range(FEWEST):
        good = i % 2 == 0
        result = made_up(f"s{i}", problems="1234")
        for problem, wrong in (("1", not good), ("2", not good), ("3", good), ("4", not good)):
            result = named(result, problem, "m") if wrong else result
        results.append(result)
    first, _, third, _ = items(results)
    assert first.difficulty == third.difficulty == Fraction(1, 2)
    assert first.discrimination == pytest.approx(1.0)
    assert third.discrimination == pytest.approx(-1.0)
    assert [each.against for each in items(results)] == [False, False, True, False]
    assert third.lost == tuple(sorted(f"s{i}" for i in range(0, FEWEST, 2)))
    assert items(results[:-1])[2].discrimination is None, "too few"
    assert items([made_up(f"s{i}") for i in range(FEWEST)])[0].discrimination is None, "all the same"


def test_a_check_that_goes_against_the_rest_by_chance_is_not_told(made_up: MadeUp) -> None:
    """Five of ten fail each of two problems: one more fails the one who passes the other."""
    results = []
    for i in range(FEWEST):
        result = made_up(f"s{i}", problems="12")
        result = named(result, "1", "m") if i < 5 else result
        results.append(named(result, "2", "m") if i in (0, 1, 7, 8, 9) else result)
    (first, _) = items(results)
    assert first.discrimination is not None
    assert -0.3 < first.discrimination < 0
    assert not first.against


def test_attempts_that_ended_differently_are_told(made_up: MadeUp) -> None:
    result = made_up("ada")
    attempts = (Attempt(verdict="failed"), Attempt(verdict="passed"))
    checks = (result.checks[0].model_copy(update={"attempts": attempts}), result.checks[1])
    found = items([result.model_copy(update={"checks": checks}), made_up("bob")])
    assert [each.unsteady for each in found] == [("ada",), ()]


def test_the_page_names_everybody_once_and_leads_to_them(made_up: MadeUp) -> None:
    results = [named(made_up("ada"), "1", "<b>m</b>"), made_up("bob & co")]
    page = class_page(ClassReport("T", results, {"ada": "staff/ada.html"}, ("late",), ("Eve <x>",)))
    assert 'href="staff/ada.html">ada</a>' in page
    assert "bob &amp; co" in page
    assert "Eve &lt;x&gt;" in page
    assert "No run came to: late." in page
    assert "<b>m</b>" not in page


def test_a_class_of_nobody_has_a_page(made_up: MadeUp) -> None:
    assert "0 submissions" in class_page(ClassReport("T", [], {}))
    assert "Nobody made a mistake that is known here." in class_page(ClassReport("T", [made_up("ada")], {}))
