"""The course to look at: each student shows a rule, whatever rules a course has."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.book.demonstration import GRADERS, demonstration, marks
from grader.book.explained import explained
from grader.book.graders import of_graders
from grader.book.policy import Policy, policy_of
from grader.book.standing import Standing, Work, standings
from grader.book.store import Book
from grader.course.assignment import load_course

POLICY = policy_of(load_course(Path(__file__)))


def shown(policy: Policy) -> tuple[Book, dict[str, Work], dict[str, Standing]]:
    book = Book.open("sqlite://")
    book.enter(demonstration(policy), who="me", why="to look at")
    for grader, marked in marks(policy).items():
        book.enter(marked, who=grader, why="marked")
    works = book.works()
    return book, works, standings(policy, works)


def test_marks_a_group_and_what_is_not_final() -> None:
    book, works, found = shown(POLICY)
    assert len(works) == 15
    assert works["pierre"].handed_in == works["marie"].handed_in != {}
    assert [key for key, work in works.items() if work.unmarked] == ["karl"]
    name = POLICY.homeworks[0].name
    rubric = book.rubric(name)
    assert rubric
    by_both = [each.who for each in of_graders(rubric, book.all_markings(name)) if each.twice and each.question]
    assert by_both == sorted(GRADERS)
    assert all(each.hand_in.of == 50 for of in found.values() for each in of.counted if each.hand_in)


def test_entering_it_twice_enters_no_student_twice() -> None:
    book, _, _ = shown(POLICY)
    assert book.enter(demonstration(POLICY), who="me", why="again").new == 0


@pytest.mark.parametrize("drops", [0, 1, 2])
def test_with_drops_the_lowest_homeworks_do_not_count(drops: int) -> None:
    _, works, without = shown(POLICY)
    policy = POLICY.model_copy(update={"drops": drops})
    found = standings(policy, works)
    assert {len(of.dropped) for of in found.values()} == {drops}
    assert all(found[key].grade >= without[key].grade for key in found)
    told = [line for line in explained(policy, works["leonhard"], found["leonhard"]) if "dropped" in line]
    assert len(told) == drops
    if drops == 1:
        assert told == ["hw3_finetune: dropped, so that it does not count; the others weigh more."]
