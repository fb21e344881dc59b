"""Proofs are run on a copy of the tiny course: once sound, once with every kind of fault in it."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from grader.commands.record import record_answers
from grader.commands.verify import verify_assignment
from grader.course.assignment import Assignment, load_course
from grader.errors import CourseError
from grader.proof.specimens import specimens

TINY = Path(__file__).parent.parent / "courses" / "tiny"


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    return shutil.copytree(TINY, tmp_path / "course", ignore=shutil.ignore_patterns(".cache", "__pycache__"))


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text, f"{path} has no {old!r}"
    path.write_text(text.replace(old, new))


def verified(course_folder: Path) -> tuple[bool, dict[str, Any]]:
    course = load_course(course_folder)
    report = course_folder / "report.json"
    good = verify_assignment(course, course.assignment("hw7"), 2, 2, report, Console(quiet=True))
    return good, json.loads(report.read_text())


def test_a_sound_assignment_is_proved_sound(tiny: Path) -> None:
    record_answers(load_course(tiny).assignment("hw7"))
    good, report = verified(tiny)
    assert good
    assert all(proof["held"] for proof in report["proofs"])
    assert report["kills"]["sums"] == ["test_mean"]
    assert set(report["kills"]["squares"]) == {"test_twice", "test_twice_a_number"}
    assert report["idle"] == ["test_mean_of_nothing"]


def test_every_kind_of_fault_is_found(tiny: Path) -> None:
    solution, handed_out = tiny / "solutions" / "hw7_tiny", tiny / "assignments" / "hw7_tiny"
    # A check that cannot fail, an alternative that is none, a stub that is solved, answers that were never recorded.
    edit(
        solution / "checks" / "test_hidden.py",
        'answer = ask("mean", x=ask.rng.normal(size=7)).same_as_reference(atol=1e-9)',
        'answer = ask("mean", x=ask.rng.normal(size=7)); return',
    )
    edit(solution / "alternatives" / "adds.py", "return x + x", "return x + x + 1")
    edit(handed_out / "tiny.py", 'raise NotImplementedError("Problem 1: twice")', "return 2 * x")
    (solution / "mutants" / "elsewhere.py").write_text(
        '"""You broke problem 1, but this says 2.\n\nProblem: 2\nHint: None.\n"""\n\n\ndef twice(x):\n    return -x\n'
    )
    good, report = verified(tiny)
    assert not good
    broken = {(proof["specimen"].split("@")[0], proof["statement"]) for proof in report["proofs"] if not proof["held"]}
    assert broken == {
        ("adds", "full marks"),
        ("stub", "the stub earns 0 and every check is `missing`"),
        ("sums", "caught, on its own problem and nowhere else"),
        ("elsewhere", "caught, on its own problem and nowhere else"),
        ("answers.json", "the recorded public answers are those of the reference"),
    }


@pytest.mark.parametrize(
    ("docstring", "words"),
    [
        ("", "needs a docstring"),
        ('"""You did it wrong."""\n', "`Problem: <id>` and `Hint:"),
        ('"""You did it wrong.\n\nProblem: 9\nHint: Do it right.\n"""\n', "`Problem: <id>` and `Hint:"),
    ],
)
def test_a_mutant_that_does_not_say_what_it_is(tiny: Path, docstring: str, words: str) -> None:
    path = tiny / "solutions" / "hw7_tiny" / "mutants" / "silent.py"
    path.write_text(docstring + "\n\ndef twice(x):\n    return x\n")
    assignment: Assignment = load_course(tiny).assignment("hw7")
    with pytest.raises(CourseError, match=words) as raised:
        specimens(assignment)
    assert str(path) in str(raised.value)
