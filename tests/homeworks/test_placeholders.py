"""Messages and hints are plain text: no `{...}` is left in them that somebody forgot to fill in."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.course.assignment import Assignment
from grader.proof.specimens import mistakes

REPOSITORY = Path(__file__).parents[2]
PLACEHOLDER = re.compile(r"\{(?:[A-Za-z_(][^{}]*)?\}")  # {}, {name}, {f(x)}; not {2} or {1,3} of a pattern
SPEAKING = [
    *sorted((REPOSITORY / "grader" / "judge").glob("*.py")),
    *sorted((REPOSITORY / "solutions").glob("*/checks/*.py")),
    *sorted((REPOSITORY / "assignments").glob("*/checks/*.py")),
]


def left_open(source: str) -> Iterator[str]:
    """The texts of a module with a placeholder that nothing fills in."""
    tree = ast.parse(source)
    silent = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}  # docstrings
    filled = {
        node.func.value.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        if node.func.attr == "format" and isinstance(node.func.value, ast.Name)
    }
    for node in ast.walk(tree):
        if isinstance(node, (ast.Assign, ast.AnnAssign)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if {target.id for target in targets if isinstance(target, ast.Name)} & filled:
                silent |= {id(each) for each in ast.walk(node)}
    for node in ast.walk(tree):
        text = node.value if isinstance(node, ast.Constant) and id(node) not in silent else None
        if isinstance(text, str) and PLACEHOLDER.search(text):
            yield f"line {node.lineno}: {text}"


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('hint = "Give {count} images."', 1),
        ('hint = "Give it " "{count} images."', 1),
        ('hint = f"Give {count} images, " "{ways} classes."', 1),
        ('hint = f"Give {{count}} images."', 1),
        ('hint = f"Give {count} images."', 0),
        ('HINT = "Give {} images."\nprint(HINT)', 1),
        ('HINT = "Give {} images."\nprint(HINT.format(3))', 0),
        ('pattern = r"[0-9]{4}"', 0),
    ],
)
def test_a_forgotten_placeholder_is_found(source: str, found: int) -> None:
    assert len(list(left_open(source))) == found


# Templates and words that homework 3's checks put into questions.
QUESTIONS = {
    "test_6_in_context.py": {"{} {}\n", "{}", "{} -> {}\n", "{} ->", "Q: {}\nA: {}\n\n", "Q: {}\nA:", "{x}", "{y}"}
}


@pytest.mark.parametrize("path", SPEAKING, ids=lambda path: str(path.relative_to(REPOSITORY)))
def test_no_message_has_a_placeholder(path: Path) -> None:
    asked = QUESTIONS.get(path.name, set())
    assert [each for each in left_open(path.read_text()) if each.partition(": ")[2] not in asked] == []


def test_what_is_said_of_known_mistakes_has_no_placeholder(assignment: Assignment) -> None:
    assert [each.name for each in mistakes(assignment) if PLACEHOLDER.search(f"{each.says} {each.hint}")] == []
