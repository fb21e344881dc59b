"""The order of answers, and how far everybody is."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction

from grader.book.rows import Given
from grader.hand.marking import Marking
from grader.review.progress import graders
from grader.review.queue import following, tasks

STUDENTS = [f"s{number}" for number in range(20)]


def pairs(**how: object) -> list[tuple[str, str]]:
    return [(task.question, task.student) for task in tasks(STUDENTS, ["7a", "7b"], **how)]  # type: ignore[arg-type]


def test_by_question_across_students_or_by_student() -> None:
    assert pairs() == [(question, student) for question in ("7a", "7b") for student in STUDENTS]
    assert pairs(by="student") == [(question, student) for student in STUDENTS for question in ("7a", "7b")]


def test_a_random_order_is_each_graders_own_and_stays() -> None:
    ada, alan = pairs(shuffled_for="ada"), pairs(shuffled_for="alan")
    assert sorted(ada) == sorted(alan) == sorted(pairs())
    assert ada == pairs(shuffled_for="ada")
    assert len({tuple(ada), tuple(alan), tuple(pairs())}) == 3
    first, second = ([student for _, student in part] for part in (ada[:20], ada[20:]))
    assert first != second  # nobody is always first
    by_student = pairs(by="student", shuffled_for="ada")
    assert [student for _, student in by_student[::2]] == [student for _, student in by_student[1::2]]


def test_ids_say_nothing_and_stay_while_the_secret_does() -> None:
    one, other = (tasks(STUDENTS, ["7a"], secret=secret) for secret in ("x" * 30, "y" * 30))
    assert len({task.id for task in (*one, *other)}) == 40
    assert one == tasks(STUDENTS, ["7a"], secret="x" * 30)
    assert {task.id for task in one} == {task.id for task in tasks(STUDENTS, ["7a"], secret="x" * 30, shuffled_for="a")}


def test_what_follows_goes_round_once_and_leaves_out_where_one_is() -> None:
    all_tasks = tasks(STUDENTS[:4], ["7a"])
    found = following(all_tasks, all_tasks[1].id, lambda task: task.student != "s3")
    assert [task.student for task in found] == ["s2", "s0"]
    assert len(list(following(all_tasks, "nowhere", lambda task: True))) == 4


def test_an_answer_counts_for_whoever_marked_it_last() -> None:
    begin = datetime(2027, 3, 1, tzinfo=UTC)

    def given(who: str, student: str, seconds: float) -> Given:
        return Given(student, "7a", Marking(), who, begin + timedelta(seconds=seconds), f"{who}{seconds}")

    history = [
        *(given("ada", "s1", 0), given("ada", "s1", 10), given("ada", "s2", 40), given("ada", "s3", 60)),
        *(given("alan", "s1", 70), given("ada", "s4", 5000)),
    ]
    found = graders(history, lambda each: Fraction(int(each.student[1:]), 4))
    assert [(each.who, each.count, each.share, each.seconds) for each in found] == [
        ("ada", 3, Fraction(3, 4), 25.0),  # 30 and 20 seconds; the pause does not count
        ("alan", 1, Fraction(1, 4), None),
    ]
    assert graders([], lambda each: None) == []
