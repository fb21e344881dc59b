"""A mutant says only what differs from the reference, and says so when it no longer fits."""

from pathlib import Path

import pytest

from grader.authoring.mutant import read_mutant, read_mutants
from grader.errors import CourseError

REFERENCE = '''"""A module."""

import math


def add(x):
    """Adds."""
    ### BEGIN SOLUTION
    total = 0  # what was added up
    for each in x:
        # one by one
        total += each

    return total
    ### END SOLUTION


class Counter:
    def __init__(self, step):
        self.step = step
        self.total = 0

    def count(self):
        self.total += self.step
        return self.total
'''
TOLD = 'says = "You did."\nproblem = "1"\nhint = "Do not."\n'


def mutant(tmp_path: Path, *changes: tuple[str, str, str]) -> Path:
    path = tmp_path / "mutants" / "wrong.toml"
    path.parent.mkdir(exist_ok=True)
    tables = [
        f"\n[[change]]\nwhere = '{where}'\nbefore = '''\n{old}'''\nafter = '''\n{new}'''\n"
        for where, old, new in changes
    ]
    path.write_text(TOLD + "".join(tables))
    return path


def made(path: Path) -> str:
    return read_mutant(path).on({"sums": REFERENCE})["sums"]


def test_one_line_is_another_and_all_else_is_the_references(tmp_path: Path) -> None:
    path = mutant(tmp_path, ("sums.add", "total += each", "total -= each"))
    assert made(path) == REFERENCE.replace("total += each", "total -= each")
    found = read_mutant(path)
    assert (found.name, found.says, found.problem, found.hint) == ("wrong", "You did.", "1", "Do not.")
    assert found.places == {"sums.add"}


def test_lines_keep_their_indentation_to_each_other_and_comments_do_not_count(tmp_path: Path) -> None:
    path = mutant(tmp_path, ("sums.add", "    total += each\nreturn total", "    total += each\n    return total"))
    assert "        total += each\n        return total\n    ### END SOLUTION" in made(path)
    path = mutant(tmp_path, ("sums.add", "total = 0\nfor each in x:\n    total += each", "total = sum(x)"))
    assert "### BEGIN SOLUTION\n    total = sum(x)\n\n    return total" in made(path)


def test_imports_and_methods_are_added_beside_a_line(tmp_path: Path) -> None:
    path = mutant(
        tmp_path,
        ("sums", "import math", "import math\nimport random"),
        ("sums.Counter", "def count(self):", "def reset(self):\n    self.total = 0\n\ndef count(self):"),
        ("sums.Counter.count", "return self.total", ""),
    )
    text = made(path)
    assert "import math\nimport random\n" in text
    assert (
        "    def reset(self):\n        self.total = 0\n\n    def count(self):\n        self.total += self.step\n"
        in text
    )
    assert "return self.total" not in text


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("sums.add", "total = 1", "total = 2"), r"sums\.add: `total = 1` of `before` does not stand there"),
        (("sums.Counter", "self.total", "x"), "does not stand there"),
        (("sums.subtract", "x", "y"), r"sums\.subtract: sums\.py has no such function"),
        (("other.add", "x", "y"), "there is no module other. Let `where` begin with one of sums"),
        (("sums.add", "# one by one", "pass"), "a comment alone of `before` does not stand there"),
        (("sums.add", "return total", "return ("), "sums.py with these changes is not valid Python"),
    ],
)
def test_what_does_not_fit_the_reference_is_told(tmp_path: Path, change: tuple[str, str, str], words: str) -> None:
    path = mutant(tmp_path, change)
    with pytest.raises(CourseError, match=r"mutants/wrong\.toml: .*" + words):
        made(path)


def test_a_line_that_stands_there_twice_needs_the_one_beside_it(tmp_path: Path) -> None:
    twice = REFERENCE.replace("        return self.total\n", "        self.total += self.step\n")
    with pytest.raises(CourseError, match=r"stands there 2 times\. Add the line above or below it"):
        read_mutant(mutant(tmp_path, ("sums.Counter.count", "self.total += self.step", "pass"))).on({"sums": twice})
    lines = ("def count(self):\n    self.total += self.step", "def count(self):\n    pass")
    text = read_mutant(mutant(tmp_path, ("sums.Counter.count", *lines))).on({"sums": twice})["sums"]
    assert text.count("self.total += self.step") == 1


def test_two_changes_of_one_line_are_refused(tmp_path: Path) -> None:
    path = mutant(tmp_path, ("sums.add", "return total", "return 1"), ("sums.add", "return total", "return 2"))
    with pytest.raises(CourseError, match=r"two changes are about line 14 of sums\.py"):
        made(path)


def test_only_its_sentence_and_hint_may_change_without_a_word(tmp_path: Path) -> None:
    path = mutant(tmp_path, ("sums.add", "return total", "return 1"))
    before, text = read_mutant(path).digest(), path.read_text()
    path.write_text(text.replace("You did.", "You did it.").replace("Do not.", "Never do."))
    assert read_mutant(path).digest() == before
    for old, new in (("return 1", "return 2"), ('problem = "1"', 'problem = "2"')):
        path.write_text(text.replace(old, new))
        assert read_mutant(path).digest() != before


def test_a_mutant_in_python_is_refused(tmp_path: Path) -> None:
    mutant(tmp_path, ("sums.add", "return total", "return 1"))
    assert [each.name for each in read_mutants(tmp_path)] == ["wrong"]
    (tmp_path / "mutants" / "old.py").write_text("def add(x): ...\n")
    with pytest.raises(CourseError, match=r"old\.py: a mutant is a \.toml"):
        read_mutants(tmp_path)
