"""The class in numbers: quartiles, and who lacks what."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from grader.book.spread import of_class, spread
from grader.book.standing import Work

from .test_standing import ALL, COURSE, handed_in, marked, work


def test_quartiles_lie_between_values() -> None:
    found = spread([Fraction(number) for number in (4, 1, 2, 3)])
    assert (found.count, found.mean, found.least, found.most) == (4, Fraction(5, 2), 1, 4)
    assert (found.lower, found.median, found.upper) == (Fraction(7, 4), Fraction(5, 2), Fraction(13, 4))
    assert (spread([]).count, spread([]).mean) == (0, 0)
    assert (spread([Fraction(1, 3)]).lower, spread([Fraction(1, 3)]).upper) == (Fraction(1, 3), Fraction(1, 3))


@given(st.lists(st.fractions(0, 1, max_denominator=40), min_size=1, max_size=9))
def test_they_are_in_order_and_turn_round_with_the_values(values: list[Fraction]) -> None:
    found, turned = spread(values), spread([1 - value for value in values])
    assert found.least <= found.lower <= found.median <= found.upper <= found.most
    assert found.least <= found.mean <= found.most
    assert (turned.lower, turned.median) == (1 - found.upper, 1 - found.median)


def test_a_class() -> None:
    hand = {"hw1": marked(a=ALL, b=ALL)}
    works = {
        "ada": replace(work(hw0=(40, 0), hw1=(40, 0)), by_hand=hand),
        "bob": Work({"hw0": (handed_in("hw0", 20),)}, excused={"hw1": "ill"}),
        "eve": Work(),
    }
    found = {each.name: each for each in of_class(COURSE, works)}
    assert list(found) == ["hw0", "hw1", "hw2", "hw3", "hw4", "proposal", "milestone", "poster", "report"]
    assert (found["hw0"].shares.count, found["hw0"].shares.mean, found["hw0"].lacking) == (2, Fraction(3, 4), ("eve",))
    assert (found["hw1"].shares.mean, found["hw1"].unmarked, found["hw1"].lacking) == (Fraction(45, 50), 1, ("eve",))
    assert found["hw4"].lacking == ()
    assert found["report"].lacking == ("bob", "eve")
