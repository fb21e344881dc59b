"""The order of answers."""

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
