"""The rules are read once, and what is wrong with them is told with its place."""

from __future__ import annotations

import tomllib
from fractions import Fraction
from pathlib import Path

import pytest

from grader.book.policy import policy_of
from grader.course.assignment import Course, Homework
from grader.errors import CourseError

TABLE = """
zone = "Europe/Zurich"
grace_minutes = 15
most_late_days = 3
lost_per_day = "1/4"
counts = "best"
replaces = "hw4_bayes"

[due]
hw0_multitask = 2027-02-12T23:59:00

[[project]]
name = "report"
points = 40
weight = "1/2"
"""


@pytest.fixture
def course() -> Course:
    homeworks = (
        Homework(name="hw0_multitask", weight=Fraction(1, 2)),
        Homework(name="hw4_bayes", weight=Fraction(15, 100), optional=True),
    )
    return Course(title="Learning", late_days=6, homeworks=homeworks, folder=Path("/course"))


def test_the_rules_of_a_course(course: Course) -> None:
    policy = policy_of(course.model_copy(update={"book": tomllib.loads(TABLE)}))
    assert (policy.homework_weight, policy.project_weight, policy.replacement) == (
        Fraction(1, 2),
        Fraction(1, 2),
        Fraction(3, 20),
    )
    assert (policy.most_on_one, policy.lost_per_day) == (3, Fraction(1, 4))


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("Europe/Zurich", "Europe/Zürich", "book.zone: 'Europe/Zürich' is no time zone"),
        ("23:59:00", "23:59:00+01:00", "book.due: hw0_multitask: leave the offset out"),
        ("[due]\nhw0_multitask", "[due]\nhw9_other", "'hw9_other' is no homework of the course"),
        ('replaces = "hw4_bayes"', "", "'hw4_bayes' is optional, and nothing says what it does"),
        ('replaces = "hw4_bayes"', 'replaces = "hw0_multitask"', "is optional, and nothing says"),
        ('weight = "1/2"', 'weight = "1/3"', "homeworks and project weigh 5/6 together, not 1"),
        ("grace_minutes = 15", "grace_minutes = 1.5", "book.grace_minutes: "),
        ("grace_minutes = 15", "grace = 15", "book.grace: "),
        ('lost_per_day = "1/4"', 'lost_per_day = "5/4"', "book.lost_per_day: "),
        ('counts = "best"', 'counts = "first"', "book.counts: "),
        ('counts = "best"', 'counts = "last before"', "nothing says before what for hw0_multitask"),
        ('counts = "best"', 'counts = "last before"\nuntil_days = 7', "nothing says before what for hw4_bayes"),
        ('counts = "best"', 'counts = "best"\nuntil_days = 7', "until: ends are only used by counts"),
        ("[due]", "[until]\nhw4_bayes = 2027-03-01T23:59:00\n[due]", "until: ends are only used by counts"),
        ("[due]", "[until]\nhw4_bayes = 2027-03-01T23:59:00Z\n[due]", "book.until: hw4_bayes: leave the offset out"),
        ("[due]", "[until]\nhw9_other = 2027-03-01T23:59:00\n[due]", "'hw9_other' is no homework"),
        ('counts = "best"', 'counts = "best"\ndrops = 1', "drops: 1 of 1 homeworks cannot be dropped"),
        ('counts = "best"', 'counts = "best"\nunmarked = "full"', "book.unmarked: "),
    ],
)
def test_what_is_wrong_is_told_with_its_place(course: Course, old: str, new: str, says: str) -> None:
    assert old in TABLE
    with pytest.raises(CourseError) as caught:
        policy_of(course.model_copy(update={"book": tomllib.loads(TABLE.replace(old, new, 1))}))
    assert "/course/course.toml: " in str(caught.value)
    assert says in str(caught.value)


def test_an_end_before_the_due_date_is_refused(course: Course) -> None:
    ends = "[until]\nhw0_multitask = 2027-02-11T23:59:00\nhw4_bayes = 2027-03-01T23:59:00\n[due]"
    table = TABLE.replace('"best"', '"last before"').replace("[due]", ends)
    with pytest.raises(CourseError, match="until: hw0_multitask ends before it is due"):
        policy_of(course.model_copy(update={"book": tomllib.loads(table)}))
    later = tomllib.loads(table.replace("02-11", "02-13"))
    assert policy_of(course.model_copy(update={"book": later})).counts == "last before"


def test_a_course_without_rules_is_told_so(course: Course) -> None:
    with pytest.raises(CourseError, match="has no table"):
        policy_of(course)
