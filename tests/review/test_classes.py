"""Whose each submission is, who shares one, and what a review makes of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from reviewed import HOMEWORK, WRITTEN, Client, Server, begin_book, picture, write_class

from grader.book.rows import Alias, Excused, Membership, Person, Student, Withdrawn
from grader.book.store import Book
from grader.commands.review import Wishes, setup_of
from grader.course.assignment import load_course
from grader.hand.marking import Marking
from grader.hand.rubric import rubric_of
from grader.intake import Asked, ClassFolder, look_through
from grader.intake.submitters import Submitter
from grader.judge.result import Result
from grader.review.answers import Questions, State, answer_of
from grader.review.classes import Handed, handed_in, problems_behind, questions_of, shared, wrong_problems
from grader.review.demonstration import write_demonstration
from grader.review.desk import Desk
from grader.review.drawn import drawn
from grader.review.files import files_of
from grader.review.marks import BookMarks
from grader.review.place import Place

ASKED = Asked(("words.py",), "hw9.ipynb", ("written.md", "*.png"))
PEOPLE = [
    Person(key, name, frozenset({key}), {"moodle": (name,)})
    for key, name in (("ada", "Ada Lovelace"), ("alan", "Alan Turing"), ("emmy", "Emmy Noether"))
]


def names(handed: Handed) -> dict[str, list[str]]:
    return {key: [entry.name for entry in entries] for key, entries in handed.entries.items()}


def a_class(folder: Path, *students: str) -> ClassFolder:
    return look_through(write_class(folder, list(students)), ASKED)


def test_submissions_find_their_students_as_results_do(tmp_path: Path) -> None:
    found = a_class(tmp_path, "ada", "Alan Turing_12_assignsubmission_file_", "nobody")
    by_key, by_name = handed_in(found, ASKED, PEOPLE), handed_in(found, ASKED, PEOPLE, "moodle")
    assert names(by_key) == {"ada": ["ada"]}
    assert names(by_name) == {"alan": ["Alan Turing_12"]}
    assert len(by_key.left) == len(by_name.left) == 2
    assert "nobody: nobody in the book is called so." in by_key.left


def test_two_submissions_of_one_student_are_both_shown(tmp_path: Path) -> None:
    twice = [*PEOPLE, Person("s4", "Sofya", frozenset({"s4"}), {"results": ("sofya", "kova")})]
    handed = handed_in(a_class(tmp_path, "sofya", "kova"), ASKED, twice)
    assert names(handed) == {"s4": ["kova", "sofya"]}
    assert handed.left == ()


def test_files_that_are_nobodys_are_told(tmp_path: Path) -> None:
    write_class(tmp_path, ["ada", "alan"])
    (tmp_path / "essay.md").write_text("# 1a\nWhose is this?")
    (tmp_path / "ada.png").write_bytes(picture(8, 8))
    handed = handed_in(look_through(tmp_path, ASKED), ASKED, PEOPLE)
    assert handed.left == ("essay.md: whose this is, its name does not say.",)


def test_gradescopes_numbers_have_the_students_of_its_list_and_several_may_share_one(tmp_path: Path) -> None:
    found = a_class(tmp_path, "submission_1", "submission_2")
    who = {
        "submission_1": (Submitter("Ada Lovelace"), Submitter("Alan Turing")),
        "submission_2": (Submitter("Somebody Else"),),
    }
    handed = handed_in(found, ASKED, PEOPLE, submitters=who)
    assert names(handed) == {"ada": ["submission_1"], "alan": ["submission_1"]}
    assert [line.partition(":")[0] for line in handed.left] == ["submission_2"]


def test_two_of_gradescopes_submissions_of_one_student_are_shown_to_all_whose_they_are(tmp_path: Path) -> None:
    found = a_class(tmp_path, "submission_1", "submission_2", "submission_3")
    ada, alan, emmy = (Submitter(name) for name in ("Ada Lovelace", "Alan Turing", "Emmy Noether"))
    who = {"submission_1": (ada, alan), "submission_2": (ada,), "submission_3": (emmy,)}
    handed = handed_in(found, ASKED, PEOPLE, submitters=who)
    assert names(handed) == {
        "ada": ["submission_1", "submission_2"],
        "alan": ["submission_1"],
        "emmy": ["submission_3"],
    }
    assert handed.left == ("submission_1, submission_2: are all of ada. Keep one, or correct the roster.",)


def test_who_hands_in_together_is_one_task(tmp_path: Path) -> None:
    handed = handed_in(a_class(tmp_path, "alan", "emmy"), ASKED, PEOPLE)
    together = {"ada": ("ada", "alan"), "alan": ("ada", "alan"), "emmy": ("emmy",)}
    assert names(shared(handed, together)) == {"ada": ["alan"], "emmy": ["emmy"]}


def test_a_group_is_marked_once_and_nobody_who_is_excused_is_asked_for(course: Path, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'book.db'}"
    begin_book(url, ["s1", "s2", "s3", "s4"])
    with Book.open(url) as book:
        book.enter(
            [Membership("s1", "g", ""), Membership("s2", "g", ""), Excused("s3", HOMEWORK, "ill")], who="t", why="t"
        )
    with Server(course, write_class(tmp_path / "class", ["s2"]), url, "ada", tmp_path) as server:
        client = Client(server)
        tasks = [task for task in client.get("/api/start")["tasks"] if task["question"] == "2"]
        assert [task["student"] for task in tasks] == ["Student 1, Student 2", "Student 4"]
        assert "Number 0." in client.get(f"/answer/{tasks[0]['id']}")["html"]
        with Book.open(url) as book:
            book.mark("s2", HOMEWORK, "2", Marking(("done",)), who="alan")
        status, told = client.post("/api/save", answer=tasks[0]["id"])
        assert (status, told["current"]["who"]) == (409, "alan")
        assert client.get("/api/changes?since=-1")["marks"][tasks[0]["id"]]["who"] == "alan"


@pytest.mark.parametrize("gone", ["s1", "s2"])
def test_who_left_the_course_is_left_out_of_a_group_and_the_others_are_marked(
    course: Path, tmp_path: Path, gone: str
) -> None:
    url = f"sqlite:///{tmp_path / 'book.db'}"
    stays = "s2" if gone == "s1" else "s1"
    with Book.open(url) as book:
        people = [Student("s1", "Student 1"), Student("s2", "Student 2")]
        entries = book.enter([*people, Membership("s1", "g"), Membership("s2", "g")], who="t", why="t").entries
        assignment = load_course(course).assignment(HOMEWORK)
        rubric = rubric_of(assignment)
        book.enter_rubric(rubric, who="t", why="t")
        book.mark(gone, HOMEWORK, "2", Marking(("done",)), who="alan")
        book.enter([Withdrawn(entries[int(gone[1]) - 1].id)], who="t", why="left the course")
        place = Place(1234, "x" * 40)
        setup = setup_of(
            load_course(course), assignment, book, rubric, None, Handed({}), place, Wishes("ada", questions=("2",))
        )
        (task,) = setup.tasks
        assert (task.student, setup.names) == (stays, {stays: f"Student {stays[1]}"})
        told = Desk(setup, BookMarks(book, HOMEWORK), drawn).changes(-1)["marks"]
        assert told[task.id]["who"] == "alan"  # given to both, as the book counts it


def test_what_is_asked_is_read_from_the_homework(course: Path) -> None:
    assignment = load_course(course).assignment(HOMEWORK)
    assert questions_of(assignment, ["1a", "2"]) == Questions(
        ("1a", "2"), ("written.md", "*.png"), {"written.md": WRITTEN}
    )


def test_a_heading_says_which_problem_it_explains() -> None:
    text = (
        "## Problem 7: derivations\n### 7a. Problem 1: the hierarchy\n### 7b. Of problem 12\n### 7c. Problem 7, again\n"
    )
    assert problems_behind(Questions(("7a", "7b", "7c"), (), {"x.md": text})) == {"7a": "1", "7b": "12"}


def test_results_tell_where_a_check_found_something_wrong(tmp_path: Path, made_up: Callable[..., Result]) -> None:
    handed = handed_in(a_class(tmp_path / "class", "ada", "alan", "emmy"), ASKED, PEOPLE)
    (tmp_path / "results").mkdir()
    (tmp_path / "results" / "alan.json").write_text("{")
    for name, verdict in (("ada", "failed"), ("emmy", "passed")):
        (tmp_path / "results" / f"{name}.json").write_text(made_up(name, 0, verdict).model_dump_json())
    assert wrong_problems(tmp_path / "results", handed) == {"ada": ("1", "2"), "emmy": ()}


def test_results_of_all_submissions_of_a_student_tell_it(tmp_path: Path, made_up: Callable[..., Result]) -> None:
    handed = handed_in(a_class(tmp_path / "class", "ada", "alan"), ASKED, PEOPLE)
    both = shared(handed, {"ada": ("ada", "alan"), "alan": ("ada", "alan")})
    for name, verdict in (("ada", "failed"), ("alan", "passed")):
        (tmp_path / f"{name}.json").write_text(made_up(name, 0, verdict).model_dump_json())
    assert wrong_problems(tmp_path, both) == {"ada": ("1", "2")}


def test_the_demonstration_has_answers_of_every_kind(course: Path, tmp_path: Path) -> None:
    assignment = load_course(course).assignment(HOMEWORK)
    rubric = rubric_of(assignment)
    students = [f"s{number:02}" for number in range(12)]
    write_demonstration(assignment, rubric, students, tmp_path / "class")
    found = look_through(tmp_path / "class", Asked.of(assignment))
    asked = questions_of(assignment, [question.id for question in rubric.questions])

    def none(data: bytes) -> list[dict[str, object]]:
        return []

    states = {
        entry.name: answer_of(files_of(entry, found, Asked.of(assignment)), "1a", asked, none).state
        for entry in found.entries
    }
    assert set(states) == set(students[:-1])
    assert set(states.values()) == set(State)
    assert list(states.values()).count(State.WRITTEN) == 9


def test_aliases_of_other_systems_find_students_too(tmp_path: Path, course: Path) -> None:
    url = f"sqlite:///{tmp_path / 'book.db'}"
    begin_book(url, ["s1"])
    with Book.open(url) as book:
        book.enter([Alias("s1", "moodle", "Ada Lovelace")], who="t", why="t")
    submissions = write_class(tmp_path / "class", ["Ada Lovelace_12_assignsubmission_file_"])
    with Server(course, submissions, url, "ada", tmp_path, ("--system", "moodle")) as server:
        client = Client(server)
        first = client.get("/api/start")["tasks"][0]
        assert client.get(f"/answer/{first['id']}")["state"] == "written"
