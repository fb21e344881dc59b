"""Courses and classes to disturb, as copies: what a run keeps never touches the real ones."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from grader.authoring.mutant import read_mutants
from grader.course.assignment import load_course
from grader.proof.demonstration import write_demonstration
from grader.proof.specimens import mistakes

REPOSITORY = Path(__file__).parents[2]
TINY = REPOSITORY / "tests" / "courses" / "tiny"
LEFT_OUT = shutil.ignore_patterns(".cache", "__pycache__")

# Every question takes as long, and no processor: so there is time to kill somebody.
WAITS = '''"""Probes that take their time."""

import time

import tiny


def twice(x):
    time.sleep(0.04)
    return tiny.twice(x)


def mean(x):
    time.sleep(0.04)
    return tiny.mean(x)
'''
MUTANT = """
says = "You answered with {what}."
problem = "{problem}"
hint = "Read the handout once more."

[[change]]
where = "tiny.{function}"
before = "return {right}"
after = "return {code}"
"""
RIGHT = {"twice": "2 * x", "mean": "twice(x).mean()"}
WRONG = {
    "thrice": ("1", "twice", "3 * x"),
    "halves": ("1", "twice", "x / 2"),
    "negates": ("1", "twice", "-2 * x"),
    "adds_two": ("1", "twice", "x + 2"),
    "largest": ("2", "mean", "twice(x).max()"),
    "smallest": ("2", "mean", "twice(x).min()"),
    "first": ("2", "mean", "twice(x)[0]"),
}
BY_HAND = {
    "crashes": "def twice(x):\n    import os\n    os._exit(3)\n",
    "kills_itself": "def twice(x):\n    import os, signal\n    os.kill(os.getpid(), signal.SIGKILL)\n",
    "raises": "def twice(x):\n    raise KeyError(x)\n",
    "wrong_in_no_known_way": "def twice(x):\n    return 2 * x + 0.125\n",
    "two_mistakes": "def twice(x):\n    return 3 * x\n\n\ndef mean(x):\n    return twice(x).max()\n",
}


@dataclass(frozen=True)
class Class:
    """A course with one homework to grade, and a folder of submissions to it."""

    course: Path
    homework: str
    submissions: Path

    @property
    def solution(self) -> Path:
        return load_course(self.course).assignment(self.homework).solution

    @property
    def cache(self) -> Path:
        return self.solution / ".cache"

    def known_mistakes(self) -> int:
        return len(mistakes(load_course(self.course).assignment(self.homework)))


def tiny(folder: Path) -> Class:
    """The tiny course with nine known mistakes, and 27 submissions: a run takes seconds, most of them waiting."""
    shutil.copytree(TINY, folder / "course", ignore=LEFT_OUT)
    homework = folder / "course" / "assignments" / "hw7_tiny"
    (homework / "probes.py").write_text(WAITS)
    solution = folder / "course" / "solutions" / "hw7_tiny"
    for name, (problem, function, code) in WRONG.items():
        text = MUTANT.format(what=code, problem=problem, function=function, right=RIGHT[function], code=code)
        (solution / "mutants" / f"{name}.toml").write_text(text)
    reference = (solution / "tiny.py").read_text()
    submissions = folder / "submissions"
    submissions.mkdir()
    sources = {"reference": reference, "stub": (homework / "tiny.py").read_text(), "unreadable": "def twice(x:\n"}
    sources |= {name: f"{reference}\n\n{code}" for name, code in BY_HAND.items()}
    for mutant in read_mutants(solution):
        known = mutant.on({"tiny": reference})["tiny"]
        sources |= {f"wrong_{mutant.name}": known, f"again_{mutant.name}": f"{known}\n# in another file\n"}
    sources["adds"] = f"{reference}\n\n{(solution / 'alternatives' / 'adds.py').read_text()}"
    for name, text in sources.items():
        (submissions / f"{name}.py").write_text(text)
    return Class(folder / "course", "hw7", submissions)


def homework(name: str, every: int = 9) -> Callable[[Path], Class]:
    """A homework of the course with every ninth of its known mistakes, and a part of its demonstration class."""

    def make(folder: Path) -> Class:
        assignment = load_course(REPOSITORY).assignment(name)
        for kind in ("assignments", "solutions"):
            for part in (assignment.name, *(assignment.shared if kind == "assignments" else ())):
                shutil.copytree(REPOSITORY / kind / part, folder / "course" / kind / part, ignore=LEFT_OUT)
        for path in (REPOSITORY / "course.toml", *(REPOSITORY / "solutions").glob("*.toml")):
            shutil.copy(path, folder / "course" / path.relative_to(REPOSITORY))
        mutants = sorted((folder / "course" / "solutions" / assignment.name / "mutants").glob("*.toml"))
        for path in set(mutants) - set(mutants[::every]):
            path.unlink()
        submissions = folder / "submissions"
        write_demonstration(load_course(folder / "course").assignment(name), submissions)
        entries = sorted(submissions.iterdir())
        slow = ("hostile_never_returns", "hostile_eats_memory")  # a minute of each run for nothing
        wrong = [entry for entry in entries if entry.name.startswith(("wrong_", "reference"))]
        others = [entry for entry in entries if entry not in wrong and not entry.name.startswith(slow)]
        for entry in set(entries) - {*wrong, *others[::3]}:
            shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
        return Class(folder / "course", name, submissions)

    return make
