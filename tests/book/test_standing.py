"""The grade is exact, the best that the rules allow, and never worse for more work or for work handed in earlier."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from fractions import Fraction
from itertools import chain, combinations, product
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.book.explained import explained
from grader.book.lateness import due_at
from grader.book.policy import Policy, ProjectPart
from grader.book.standing import (
    HOMEWORK,
    PROJECT,
    Extension,
    HandIn,
    Standing,
    Work,
    _choices,
    _project,
    _project_weights,
    _weights,
    in_order,
    open_work,
    standing,
    standings,
)
from grader.course.assignment import Homework
from grader.hand.marking import ByHand, Marking, by_hand
from grader.hand.rubric import Item, Question, Rubric

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
RUBRIC = Rubric(
    homework="any",
    by_checks=Fraction(40),
    questions=tuple(
        Question(
            id=name,
            problem="7",
            title=f"Question {name}",
            points=Fraction(points),
            items=(
                Item(id="most", points=Fraction(points) * 2 / 3, text="most of it"),
                Item(id="rest", points=Fraction(points) / 2, text="the rest"),
                Item(id="slip", points=Fraction(-1, 2), text="a slip"),
            ),
        )
        for name, points in (("7a", 2), ("7b", 3), ("7c", 5))
    ),
)


def handed_in(name: str, points: int, late: int = 0) -> HandIn:
    """A hand-in that is so many days late, and not more."""
    return HandIn(Fraction(points), Fraction(40), due_at(DUE[name], ZONE, late) - timedelta(minutes=1))


def work(project: int = 100, **points: tuple[int, int]) -> Work:
    """Points and days late of each homework, and the same share of each part of the project, in percent."""
    hand_ins = {name: (handed_in(name, *of),) for name, of in points.items()}
    return Work(hand_ins, dict.fromkeys(PARTS, Fraction(project, 100)))


def marked(**questions: Marking) -> ByHand:
    """Questions 7a to 7c, and what was given for them; those that are not named are not marked."""
    return by_hand(RUBRIC, {f"7{name}": marking for name, marking in questions.items()})


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


def test_the_project_stands_for_homeworks_that_weigh_nothing() -> None:
    """Excused from all that weighs something: what is left must not swallow the weight."""
    policy = COURSE.model_copy(update={"homeworks": (*COURSE.homeworks, Homework(name="hw9", weight=Fraction(0)))})
    excused = {each.name: "ill" for each in COURSE.graded}
    parts = {part.name: Fraction(1) for part in policy.project}
    assert standing(policy, replace(work(), project=parts, excused=excused)).grade == 1


def test_a_project_that_weighs_nothing_brings_nothing() -> None:
    parts = tuple(part.model_copy(update={"weight": Fraction(0)}) for part in COURSE.project)
    policy = COURSE.model_copy(update={"project": parts, "replacement": Fraction(0)})
    found = standing(policy, replace(work(hw0=(40, 0)), project={part.name: Fraction(1) for part in parts}))
    assert [each.value for each in found.counted if each.name in {part.name for part in parts}] == [0] * len(parts)


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


# ---- points by hand -----------------------------------------------------------------------------------------------

ALL = Marking(("most", "rest"))


def test_points_by_hand_are_part_of_the_homework() -> None:
    """40 by checks and 10 by hand: 20 and 7 are 27 of 50, and what is late is late with both."""
    hand = marked(a=ALL, b=Marking(), c=Marking(("most", "slip"), Fraction(19, 6), "short"))
    assert hand.points == 7
    of = replace(work(hw1=(20, 1)), by_hand={"hw1": hand})
    (hw1,) = [each for each in standing(COURSE.model_copy(update={"late_days": 0}), of).counted if each.name == "hw1"]
    assert hw1.hand_in is not None
    assert (hw1.hand_in.points, hw1.hand_in.of, hw1.share, hw1.kept) == (27, 50, Fraction(27, 50), Fraction(3, 4))
    lines = explained(COURSE, of, standing(COURSE, of))
    assert any(
        line.startswith("hw1: 27 of 50 points (20 of 40 by checks, 7 of 10 by hand), 1 day late") for line in lines
    )
    assert "hw1 7a, Question 7a: 2 of 2. most of it (+1.33); the rest (+1); at most 2." in lines
    assert "hw1 7b, Question 7b: 0 of 3." in lines
    said = "most of it (+3.33); a slip (-0.5); adjusted (+3.17); at most 5"
    assert f'hw1 7c, Question 7c: 5 of 5. {said}. "short"' in lines
    assert not any("Not final" in line for line in lines)


@pytest.mark.parametrize(("unmarked", "share"), [("nothing", Fraction(41, 50)), ("left out", Fraction(41, 42))])
def test_what_is_not_marked_yet_is_said_and_counts_by_policy(unmarked: str, share: Fraction) -> None:
    policy = COURSE.model_copy(update={"unmarked": unmarked})
    of = replace(work(hw1=(40, 0)), by_hand={"hw1": marked(a=Marking((), Fraction(1)))})
    found = standing(policy, of)
    assert [each.share for each in found.counted if each.name == "hw1"] == [share]
    lines = explained(policy, of, found)
    so_far = "is left out" if unmarked == "left out" else "counts as 0"
    assert f"Not final: to be marked hw1 7b, 7c. Until then it {so_far}." in lines
    assert any(line.startswith("hw1 7b, Question 7b: 0 of 3. not marked yet; ") for line in lines)
    by_hand = "1 of 2 by hand, 8 more to be marked" if unmarked == "left out" else "1 of 10 by hand"
    assert any(f"(40 of 40 by checks, {by_hand})" in line for line in lines)


def test_a_mark_whose_item_is_gone_has_to_be_given_again() -> None:
    hand = marked(a=Marking(("old",)), b=ALL, c=ALL)
    of = replace(work(hw1=(40, 0)), by_hand={"hw1": hand})
    assert {name: [each.question.id for each in lacks] for name, lacks in of.unmarked.items()} == {"hw1": ["7a"]}
    lines = explained(COURSE, of, standing(COURSE, of))
    assert "hw1 7a, Question 7a: 0 of 2. to be marked again: the rubric has no item old any more; 0 so far." in lines


def test_written_answers_alone_are_a_hand_in() -> None:
    of = Work(by_hand={"hw1": marked(a=ALL, b=ALL, c=ALL), "hw2": marked()})
    assert [(each.name, each.share) for each in standing(COURSE, of).counted if each.share] == [
        ("hw1", Fraction(10, 50))
    ]
    assert of.unmarked == {}, "of HW2 there is nothing to mark"


def test_what_is_not_graded_by_our_fault_is_no_final_grade() -> None:
    of = replace(work(), pending=frozenset({"hw1", "hw2"}), excused={"hw2": "ill"})
    assert open_work(COURSE, of) == {"hw1": ("checks",)}
    lines = explained(COURSE, of, standing(COURSE, of))
    assert any(line.startswith("hw1: handed in, and not graded yet; weighs ") for line in lines)
    assert "Not final: no result by checks yet of hw1. Until then these points are 0." in lines


@pytest.mark.parametrize("unmarked", ["nothing", "left out"])
def test_a_homework_of_written_questions_alone_waits_to_be_marked(unmarked: str) -> None:
    policy = COURSE.model_copy(update={"unmarked": unmarked})
    of = replace(work(), by_hand={"hw1": replace(marked(), by_checks=Fraction(0))})
    assert open_work(policy, of) == {"hw1": ("7a", "7b", "7c")}
    lines = explained(policy, of, standing(policy, of))
    assert any(line.startswith("Not final: to be marked hw1 7a, 7b, 7c.") for line in lines)


def test_what_becomes_of_excused_weight_is_said_as_it_is() -> None:
    def said(policy: Policy, *names: str) -> str:
        of = replace(work(), excused=dict.fromkeys(names, "ill"))
        lines = explained(policy, of, standing(policy, of))
        return " ".join(line for line in lines if line.startswith(f"{names[0]}: excused"))

    every = [each.name for each in COURSE.graded]
    assert said(COURSE, every[0]) == f"{every[0]}: excused (ill); the others weigh more."
    assert said(COURSE, *every).endswith("and so is all other homework: the project weighs more.")
    assert said(COURSE, COURSE.replaces).endswith("nothing else changes.")
    alone = COURSE.model_copy(update={"project": (), "replacement": Fraction(0)})
    assert said(alone, *every).endswith("Nothing is left that counts: please ask your course staff.")


def test_the_optional_homework_after_its_end_is_said() -> None:
    end = {COURSE.replaces: DUE[NAMES[0]]}
    policy = COURSE.model_copy(update={"counts": "last before", "until": end})
    late = HandIn(Fraction(40), Fraction(40), due_at(DUE[NAMES[0]], ZONE, 9))
    of = replace(work(), handed_in={COURSE.replaces: (late,)})
    assert f"{COURSE.replaces} replaces nothing: it came after its end." in explained(policy, of, standing(policy, of))


def test_excused_work_is_not_waited_for() -> None:
    of = replace(work(hw1=(40, 0)), by_hand={"hw1": marked()}, excused={"hw1": "ill"})
    assert of.unmarked == {}


# ---- drops and ends --------------------------------------------------------------------------------------------


def test_the_lowest_homework_is_dropped() -> None:
    policy = COURSE.model_copy(update={"drops": 1})
    of = work(hw0=(40, 0), hw1=(40, 0), hw2=(10, 0), hw3=(40, 0))
    found = standing(policy, of)
    assert (found.grade, found.dropped) == (1, ("hw2",))
    assert "hw2: dropped, so that it does not count; the others weigh more." in explained(policy, of, found)
    assert standing(COURSE, of).dropped == ()


def test_late_days_are_not_wasted_on_what_is_dropped() -> None:
    """HW0 weighs least, so that by itself HW1 would be dropped; but late days make HW1 whole, and not HW3 as well."""
    policy = COURSE.model_copy(update={"drops": 1, "late_days": 3})
    of = work(hw0=(40, 0), hw1=(40, 3), hw2=(40, 0), hw3=(40, 3))
    found = standing(policy, of)
    assert (found.grade, found.spent) == (1, 3)


def test_one_homework_always_stays() -> None:
    policy = COURSE.model_copy(update={"drops": 3})
    of = replace(work(hw3=(10, 0)), excused={"hw0": "ill", "hw1": "ill", "hw2": "ill"})
    assert standing(policy, of).dropped == ()
    assert standing(policy, of).grade == Fraction(1, 2) * Fraction(1, 4) + Fraction(1, 2)


LAST_BEFORE = COURSE.model_copy(update={"counts": "last before", "until_days": 2, "until": {"hw3": DUE["hw3"]}})


@pytest.mark.parametrize(
    ("name", "days", "points"), [("hw1", (0, 2, 3), 20), ("hw1", (3, 4, 5), None), ("hw3", (0, 1, 2), 10)]
)
def test_the_last_hand_in_before_the_end_counts(name: str, days: tuple[int, ...], points: int | None) -> None:
    of = Work({name: tuple(handed_in(name, 10 * (i + 1), day) for i, day in enumerate(days))})
    found = standing(LAST_BEFORE, of)
    (counted,) = [each for each in found.counted if each.name == name]
    assert (counted.hand_in and counted.hand_in.points) == points
    lines = explained(LAST_BEFORE, of, found)
    ends = due_at(DUE[name], ZONE, 0 if name == "hw3" else 2) + timedelta(minutes=15)
    told = [line for line in lines if "does not count" in line]
    assert len(told) == sum(each.at > ends for each in of.handed_in[name])
    assert all(f"after the end on {ends.astimezone(ZONE):%a %d %b %Y, %H:%M}" in line for line in told)
    assert any("nothing was handed in before the end" in line for line in lines) == (points is None)


@settings(derandomize=True, max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 40), st.integers(-60, 6 * 24 * 60)), max_size=5), st.integers(0, 3))
def test_any_hand_ins_and_the_last_before_the_end(given: list[tuple[int, int]], more: int) -> None:
    """By points and minutes after the due date, against what the rule says in one line."""
    due = due_at(DUE["hw1"], ZONE)
    hand_ins = [HandIn(Fraction(points), Fraction(40), due + timedelta(minutes=late)) for points, late in given]
    of = Work({"hw1": hand_ins}, extensions={"hw1": Extension(more, "ill")} if more else {})
    ends = (2 + more) * 24 * 60 + 15  # no clock changes in these days
    in_time = [late for _, late in given if late <= ends]
    (counted,) = [each for each in standing(LAST_BEFORE, of).counted if each.name == "hw1"]
    assert (counted.hand_in and counted.hand_in.at) == (due + timedelta(minutes=max(in_time)) if in_time else None)
    told = [line for line in explained(LAST_BEFORE, of, standing(LAST_BEFORE, of)) if "does not count" in line]
    assert len(told) == len(given) - len(in_time)


def test_an_extension_moves_the_end() -> None:
    of = Work({"hw1": (handed_in("hw1", 10, 0), handed_in("hw1", 40, 4))}, extensions={"hw1": Extension(2, "ill")})
    (hw1,) = [each for each in standing(LAST_BEFORE, of).counted if each.name == "hw1"]
    assert (hw1.share, hw1.late) == (1, 2)


# ---- any work ------------------------------------------------------------------------------------------------------

POLICIES = st.builds(
    lambda days, most, lost, counts, drops, unmarked: COURSE.model_copy(
        update={
            **{"late_days": days, "most_late_days": most, "lost_per_day": lost, "counts": counts},
            **{"drops": drops, "unmarked": unmarked, "until_days": 2 if counts == "last before" else None},
        }
    ),
    st.integers(0, 6),
    st.one_of(st.none(), st.integers(0, 4)),
    st.sampled_from([Fraction(0), Fraction(1, 10), Fraction(1, 4), Fraction(1)]),
    st.sampled_from(["last", "best", "last before"]),
    st.integers(0, 2),
    st.sampled_from(["nothing", "left out"]),
)
MARKINGS = st.builds(
    Marking,
    st.sets(st.sampled_from(["most", "rest", "slip", "gone"])).map(tuple),
    st.sampled_from([Fraction(0), Fraction(1, 3), Fraction(-1, 4)]),
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
    by_people = {
        name: by_hand(RUBRIC, draw(st.dictionaries(st.sampled_from(["7a", "7b", "7c", "7x"]), MARKINGS)))
        for name in draw(st.sets(st.sampled_from((*NAMES, "hw4"))))
    }
    return Work(hand_ins, project, extensions, excused, by_people)


def every_standing(policy: Policy, of: Work, replaced: str) -> Iterator[Fraction]:
    """The grades of all ways to spend late days, to choose hand-ins, and to drop as many homeworks or fewer."""
    counts = [name for name in NAMES if name not in of.excused]
    for dropped in chain.from_iterable(combinations(counts, number) for number in range(policy.drops + 1)):
        if dropped and len(dropped) == len(counts):
            continue
        weights = list(_weights(policy, of.excused, replaced, dropped))
        choices = [list(_choices(policy, of, name, weight)) for name, weight in weights]
        project = tuple(_project(_project_weights(policy, of.excused, replaced), of))
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
    assert in_order(policy, of, found.replaced, found.dropped).grade <= found.grade
    assert standings(policy, {"a": of, "b": Work()}) == {"a": found, "b": standing(policy, Work())}
    assert len(found.dropped) <= policy.drops


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
        if policy.counts == "last before" and len(hand_ins) > 1:
            return  # a day earlier, another one may be the last
        earlier = [replace(each, at=each.at - timedelta(days=1)) for each in of.handed_in[name]]
        assert standing(policy, replace(of, handed_in={**of.handed_in, name: earlier})).grade >= before
    part = data.draw(st.sampled_from(PARTS))
    assert standing(policy, replace(of, project={**of.project, part: Fraction(1)})).grade >= before
    if policy.counts == "last before":
        return  # a day later, another one may be the last
    longer = {name: Extension(each.days + 1, each.reason) for name, each in of.extensions.items()}
    assert standing(policy, replace(of, extensions=longer)).grade >= before


@settings(derandomize=True, max_examples=150, deadline=None)
@given(POLICIES, any_work(), st.data())
def test_a_higher_mark_never_lowers_the_grade(policy: Policy, of: Work, data: st.DataObject) -> None:
    """One more item, a better adjustment, or an item that gives more, for whoever has it."""
    if not (some := [name for name, hand in of.by_hand.items() if any(not each.lacks for each in hand.answers)]):
        return
    before, name = standing(policy, of).grade, data.draw(st.sampled_from(some))
    markings = {each.question.id: each.marking for each in of.by_hand[name].answers if each.marking}
    question = data.draw(st.sampled_from([each.question.id for each in of.by_hand[name].answers if not each.lacks]))
    marking = markings[question]
    more = tuple({*marking.items, data.draw(st.sampled_from(["most", "rest"]))})
    for better in (replace(marking, items=more), replace(marking, adjustment=marking.adjustment + Fraction(1, 7))):
        hand = by_hand(RUBRIC, {**markings, question: better})
        assert standing(policy, replace(of, by_hand={**of.by_hand, name: hand})).grade >= before
    generous = RUBRIC.model_copy(
        update={
            "questions": tuple(
                each.model_copy(update={"items": tuple(_worth_more(item) for item in each.items)})
                for each in RUBRIC.questions
            )
        }
    )
    assert standing(policy, replace(of, by_hand={**of.by_hand, name: by_hand(generous, markings)})).grade >= before


def _worth_more(item: Item) -> Item:
    return item.model_copy(update={"points": item.points + Fraction(1, 5)})


@settings(derandomize=True, max_examples=100, deadline=None)
@given(POLICIES, any_work())
def test_a_first_mark_never_lowers_a_grade_in_which_it_counted_as_0(policy: Policy, of: Work) -> None:
    policy = policy.model_copy(update={"unmarked": "nothing"})
    before = standing(policy, of).grade
    for name, hand in of.by_hand.items():
        known = {each.question.id: each.marking for each in hand.answers if each.marking and not each.lacks}
        all_marked = by_hand(RUBRIC, {**{question.id: Marking() for question in RUBRIC.questions}, **known})
        assert standing(policy, replace(of, by_hand={**of.by_hand, name: all_marked})).grade >= before


@settings(derandomize=True, max_examples=100, deadline=None)
@given(POLICIES, any_work())
def test_the_optional_homework_never_hurts(policy: Policy, of: Work) -> None:
    left = {name: hand for name, hand in of.by_hand.items() if name != "hw4"}
    without = replace(of, handed_in={**of.handed_in, "hw4": ()}, by_hand=left)
    assert standing(policy, of).grade >= standing(policy, without).grade


@settings(derandomize=True, max_examples=100, deadline=None)
@given(POLICIES, any_work())
def test_the_order_of_what_is_known_does_not_matter_and_all_is_told(policy: Policy, of: Work) -> None:
    turned = Work(
        {name: tuple(reversed(of.handed_in[name])) for name in reversed(of.handed_in)},
        dict(reversed(of.project.items())),
        dict(reversed(of.extensions.items())),
        dict(reversed(of.excused.items())),
        dict(reversed(of.by_hand.items())),
    )
    same_moment = any(len({each.at for each in hand_ins}) < len(hand_ins) for hand_ins in of.handed_in.values())
    if not same_moment:
        assert standing(policy, turned).grade == standing(policy, of).grade
    lines = explained(policy, of, standing(policy, of))
    assert all(any(line.startswith(f"{each.name}: ") for line in lines) for each in standing(policy, of).counted)
