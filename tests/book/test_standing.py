"""The grade is exact, the best that the rules allow, and never worse for more work or for work handed in earlier."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from fractions import Fraction
from itertools import product
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.book.explained import explained
from grader.book.lateness import due_at
from grader.book.policy import Policy, ProjectPart
from grader.book.standing import HOMEWORK, PROJECT, Extension, HandIn, Standing, Work, _choices, in_order, standing
from grader.course.assignment import Homework

ZONE = ZoneInfo("Europe/Zurich")
NAMES = ("hw0", "hw1", "hw2", "hw3")
DUE = {name: datetime(2027, 2, 12, 23, 59) + timedelta(days=21 * i) for i, name in enumerate((*NAMES, "hw4"))}
COURSE = Policy(
    homeworks=(
        Homework(name="hw0", weight=Fraction(5, 100)),
        *(Homework(name=name, weight=Fraction(15, 100)) for name in NAMES[1:]),
        Homework(name="hw4", weight=Fraction(15, 100), optional=True),
    ),
    late_days=6,
    zone="Europe/Zurich",
    grace_minutes=15,
    most_late_days=3,
    lost_per_day=Fraction(1, 4),
    replaces="hw4",
    due=DUE,
    project=(
        ProjectPart(name="proposal", points=Fraction(10), weight=Fraction(5, 100)),
        ProjectPart(name="milestone", points=Fraction(10), weight=Fraction(10, 100)),
        ProjectPart(name="poster", points=Fraction(20), weight=Fraction(10, 100)),
        ProjectPart(name="report", points=Fraction(40), weight=Fraction(25, 100)),
    ),
)
PARTS = tuple(part.name for part in COURSE.project)


def handed_in(name: str, points: int, late: int = 0) -> HandIn:
    """A hand-in that is so many days late, and not more."""
    return HandIn(Fraction(points), Fraction(40), due_at(DUE[name], ZONE, late) - timedelta(minutes=1))


def work(project: int = 100, **points: tuple[int, int]) -> Work:
    """Points and days late of each homework, and the same share of each part of the project, in percent."""
    hand_ins = {name: (handed_in(name, *of),) for name, of in points.items()}
    return Work(hand_ins, dict.fromkeys(PARTS, Fraction(project, 100)))


def test_all_points_in_time_are_the_whole_grade() -> None:
    full = standing(COURSE, work(**dict.fromkeys(NAMES, (40, 0))))
    assert (full.grade, full.replaced, full.spent) == (1, "", 0)
    assert standing(COURSE, Work()).grade == 0


def test_late_days_go_where_they_are_worth_most() -> None:
    """Three days each, six in all: HW0 weighs a third of the others, so it pays for its own lateness."""
    late = work(hw0=(40, 3), hw1=(40, 3), hw2=(40, 3), hw3=(40, 0))
    found, simply = standing(COURSE, late), in_order(COURSE, late)
    assert {each.name: each.spent for each in found.counted if each.spent} == {"hw1": 3, "hw2": 3}
    assert found.grade == 1 - Fraction(5, 100) * Fraction(3, 4)
    assert simply.grade == 1 - Fraction(15, 100) * Fraction(3, 4)
    lines = explained(COURSE, late, found)
    lost = "3 days late, none covered by late days, so 25 % of the points are kept"
    assert f"hw0: 40 of 40 points, {lost}; weighs 5, brings 1.25." in lines
    assert "Late days: 6 of 6 spent." in lines
    most = "They are spent where they are worth most (3 on hw1, 3 on hw2)"
    assert f"{most}: 7.5 more than one homework after the other." in lines
    assert lines[-1] == "Together 96.25 of 100."


def test_the_optional_homework_replaces_what_is_worse() -> None:
    weak_homework = standing(COURSE, work(100, **dict.fromkeys(NAMES, (20, 0)), hw4=(40, 0)))
    assert weak_homework.replaced == HOMEWORK
    assert weak_homework.grade == Fraction(35, 100) / 2 + Fraction(15, 100) + Fraction(1, 2)
    weak_project = standing(COURSE, work(50, **dict.fromkeys(NAMES, (40, 0)), hw4=(40, 0)))
    assert weak_project.replaced == PROJECT
    assert weak_project.grade == Fraction(1, 2) + Fraction(35, 100) / 2 + Fraction(15, 100)
    assert standing(COURSE, work(90, **dict.fromkeys(NAMES, (36, 0)), hw4=(10, 0))).replaced == ""


def test_excused_work_leaves_its_weight_to_the_others() -> None:
    rest = replace(work(hw0=(40, 0), hw1=(40, 0), hw2=(20, 0)), excused={"hw3": "ill"})
    assert standing(COURSE, rest).grade == Fraction(1, 2) * (5 + 15 + Fraction(15, 2)) / 35 + Fraction(1, 2)
    nothing = replace(work(50), excused=dict.fromkeys(NAMES, "on exchange"))
    assert standing(COURSE, nothing).grade == Fraction(1, 2)


def test_an_extension_moves_the_due_date() -> None:
    late = work(**dict.fromkeys(NAMES[:3], (40, 0)), hw3=(40, 5))
    extended = replace(late, extensions={"hw3": Extension(4, "a family matter")})
    assert standing(COURSE, late).grade == 1 - Fraction(15, 100) * Fraction(2, 4)
    found = standing(COURSE, extended)
    assert (found.grade, found.spent) == (1, 1)
    assert any("with 4 more days (a family matter), 1 day late" in line for line in explained(COURSE, extended, found))


@pytest.mark.parametrize(("counts", "points"), [("last", 10), ("best", 40)])
def test_which_hand_in_counts_is_policy(counts: str, points: int) -> None:
    policy = COURSE.model_copy(update={"counts": counts})
    several = Work({"hw1": (handed_in("hw1", 40), handed_in("hw1", 10, late=1))})
    (hw1,) = [each for each in standing(policy, several).counted if each.name == "hw1"]
    assert hw1.hand_in is not None
    assert hw1.hand_in.points == points


# ---- any work ------------------------------------------------------------------------------------------------------

POLICIES = st.builds(
    lambda days, most, lost, counts: COURSE.model_copy(
        update={"late_days": days, "most_late_days": most, "lost_per_day": lost, "counts": counts}
    ),
    st.integers(0, 6),
    st.one_of(st.none(), st.integers(0, 4)),
    st.sampled_from([Fraction(0), Fraction(1, 10), Fraction(1, 4), Fraction(1)]),
    st.sampled_from(["last", "best"]),
)
HAND_INS = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 5)), max_size=2)


@st.composite
def any_work(draw: st.DrawFn) -> Work:
    hand_ins = {
        name: tuple(handed_in(name, points, late) for points, late in draw(HAND_INS)) for name in (*NAMES, "hw4")
    }
    project = {name: Fraction(draw(st.integers(0, 10)), 10) for name in draw(st.sets(st.sampled_from(PARTS)))}
    excused = dict.fromkeys(draw(st.sets(st.sampled_from(NAMES), max_size=2)), "ill")
    extensions = {name: Extension(draw(st.integers(0, 3)), "why") for name in draw(st.sets(st.sampled_from(NAMES)))}
    return Work(hand_ins, project, extensions, excused)


def every_standing(policy: Policy, of: Work, replaced: str) -> Iterator[Fraction]:
    """The grades of all ways to spend late days and to choose hand-ins."""
    from grader.book.standing import _project, _weights

    choices = [list(_choices(policy, of, name, weight)) for name, weight in _weights(policy, of, replaced)]
    project = tuple(_project(policy, of, replaced))
    for chosen in product(*choices):
        if sum(each.spent for each in chosen) <= policy.late_days:
            yield Standing((*chosen, *project), replaced).grade


@settings(derandomize=True, max_examples=60, deadline=None)
@given(POLICIES, any_work())
def test_it_is_the_best_of_all_ways(policy: Policy, of: Work) -> None:
    found = standing(policy, of)
    assert found.grade == max(max(every_standing(policy, of, replaced)) for replaced in ("", HOMEWORK, PROJECT))
    assert found.spent <= policy.late_days
    assert 0 <= found.grade <= 1
    assert all(each.spent <= policy.most_on_one for each in found.counted)
    assert sum(each.weight for each in found.counted) == 1
    assert in_order(policy, of, found.replaced).grade <= found.grade


@settings(derandomize=True, max_examples=150, deadline=None)
@given(POLICIES, any_work(), st.data())
def test_more_points_and_earlier_work_never_cost_anything(policy: Policy, of: Work, data: st.DataObject) -> None:
    before = standing(policy, of).grade
    some = [(name, i) for name, hand_ins in of.handed_in.items() for i in range(len(hand_ins))]
    if some:
        name, i = data.draw(st.sampled_from(some))
        hand_ins = list(of.handed_in[name])
        hand_ins[i] = replace(hand_ins[i], points=min(Fraction(40), hand_ins[i].points + 5))
        assert standing(policy, replace(of, handed_in={**of.handed_in, name: hand_ins})).grade >= before
        earlier = [replace(each, at=each.at - timedelta(days=1)) for each in of.handed_in[name]]
        assert standing(policy, replace(of, handed_in={**of.handed_in, name: earlier})).grade >= before
    part = data.draw(st.sampled_from(PARTS))
    assert standing(policy, replace(of, project={**of.project, part: Fraction(1)})).grade >= before
    longer = {name: Extension(each.days + 1, each.reason) for name, each in of.extensions.items()}
    assert standing(policy, replace(of, extensions=longer)).grade >= before


@settings(derandomize=True, max_examples=100, deadline=None)
@given(POLICIES, any_work())
def test_the_optional_homework_never_hurts(policy: Policy, of: Work) -> None:
    without = replace(of, handed_in={**of.handed_in, "hw4": ()})
    assert standing(policy, of).grade >= standing(policy, without).grade


@settings(derandomize=True, max_examples=100, deadline=None)
@given(POLICIES, any_work())
def test_the_order_of_what_is_known_does_not_matter_and_all_is_told(policy: Policy, of: Work) -> None:
    turned = Work(
        {name: tuple(reversed(of.handed_in[name])) for name in reversed(of.handed_in)},
        dict(reversed(of.project.items())),
        dict(reversed(of.extensions.items())),
        dict(reversed(of.excused.items())),
    )
    same_moment = any(len({each.at for each in hand_ins}) < len(hand_ins) for hand_ins in of.handed_in.values())
    if not same_moment:
        assert standing(policy, turned).grade == standing(policy, of).grade
    lines = explained(policy, of, standing(policy, of))
    assert all(any(line.startswith(f"{each.name}: ") for line in lines) for each in standing(policy, of).counted)
