"""Items and an adjustment make points, between floor and cap; what is not known gives none and says so."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.hand.marking import Marking, NoSuchItem, by_hand, points_of
from grader.hand.rubric import Item, Question, Rubric

HALF = Fraction(1, 2)
ITEMS = (("idea", 1), ("proof", 1), ("word", HALF), ("slip", -HALF), ("wrong", -2))
QUESTION = Question(
    id="7a",
    problem="7",
    title="Why",
    points=Fraction(2),
    floor=Fraction(0),
    items=tuple(Item(id=name, points=Fraction(points), text=name) for name, points in ITEMS),
)
QUARTERS = st.integers(-12, 12).map(lambda number: Fraction(number, 4))
NAMES = st.sets(st.sampled_from([name for name, _ in ITEMS])).map(tuple)


@pytest.mark.parametrize(
    ("items", "adjustment", "points"),
    [
        ((), 0, 0),
        (("idea",), 0, 1),
        (("idea", "slip"), 0, HALF),
        (("idea", "proof", "word"), 0, 2),  # the cap
        (("idea", "wrong"), 0, 0),  # the floor
        (("idea",), Fraction(1, 3), Fraction(4, 3)),
        (("idea",), -5, 0),
        ((), 5, 2),
    ],
)
def test_items_and_adjustment_add_up_between_floor_and_cap(
    items: tuple[str, ...], adjustment: Fraction, points: Fraction
) -> None:
    assert points_of(QUESTION, Marking(items, Fraction(adjustment))) == points


@given(NAMES, QUARTERS)
def test_points_are_the_sum_where_it_is_between_floor_and_cap(items: tuple[str, ...], adjustment: Fraction) -> None:
    given = points_of(QUESTION, Marking(items, adjustment))
    whole = sum((Fraction(points) for name, points in ITEMS if name in items), adjustment)
    assert given == sorted([QUESTION.floor, whole, QUESTION.points])[1]


@given(NAMES, QUARTERS, st.sampled_from(["idea", "proof", "word"]))
def test_one_more_good_item_never_lowers_the_points(items: tuple[str, ...], adjustment: Fraction, more: str) -> None:
    before = points_of(QUESTION, Marking(items, adjustment))
    assert points_of(QUESTION, Marking(tuple({*items, more}), adjustment)) >= before


def test_a_floor_above_0_is_given_for_any_marking() -> None:
    generous = QUESTION.model_copy(update={"floor": HALF})
    assert points_of(generous, Marking(("wrong",))) == HALF


def test_an_item_that_is_gone_is_an_error_and_never_0() -> None:
    with pytest.raises(NoSuchItem, match=r"7a has no item 'old'. Mark the answer again; its items are: idea, proof"):
        points_of(QUESTION, Marking(("idea", "old")))


def test_the_order_of_items_means_nothing() -> None:
    assert Marking(("b", "a")) == Marking(("a", "b"))
    with pytest.raises(ValueError, match="named twice"):
        Marking(("a", "a"))
    with pytest.raises(ValueError, match="not one text"):
        Marking("idea")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"not 0\.5"):
        Marking((), 0.5)  # type: ignore[arg-type]


def test_a_homework_by_hand_says_what_it_lacks() -> None:
    second = QUESTION.model_copy(update={"id": "7b", "points": Fraction(1)})
    third = QUESTION.model_copy(update={"id": "7c", "points": Fraction(3)})
    rubric = Rubric.model_construct(homework="hw1", questions=(QUESTION, second, third), by_checks=Fraction(10))
    found = by_hand(rubric, {"7a": Marking(("idea",)), "7b": Marking(("old",)), "6z": Marking()})
    assert (found.points, found.of, found.of_marked, found.by_checks) == (1, 6, 2, 10)
    assert [(each.question.id, each.lacks) for each in found.lacking] == [
        ("7b", "to be marked again: the rubric has no item old any more"),
        ("7c", "not marked yet"),
    ]
    assert found.strays == ("6z",)
