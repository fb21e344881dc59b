"""Submissions to look at: answers to a homework's questions that no student wrote."""

from __future__ import annotations

import re
import shutil
from collections.abc import Sequence
from pathlib import Path

from grader.course.assignment import Assignment, read_text
from grader.hand.rubric import Question, Rubric
from grader.review.headings import marked

# What an answer looks like, of one student after another. {0} and {1} are what its question's items ask for.
ANSWERS = (
    "I find two things. First, {0}. Second, {1}. The difference has an interval that does not hold 0.",
    "Here is what the table says: {0}.\n\n| run | value |\n|---|---|\n| shared | $0.173 \\pm 0.02$ |\n"
    "| separate | $0.229$ |",
    "It is the same in both cases, so there is nothing to explain.",
    "By the chain rule,\n\n$$\\frac{{\\partial L}}{{\\partial w}} = \\sum_{{i=1}}^{{n}} (\\hat r_i - r_i)\\, x_i,$$\n\n"
    "and therefore {0}. I am not sure about the rest.",
    "1. {0}\n2. {1}\n\nThe figure shows it, too:\n\n![what came out]({2})",
    "I ran out of time. A short answer: {1}.",
)
NOTHING, UNTOUCHED, NO_HEADINGS = 7, 8, 9  # students by number who hand in otherwise
_PLACEHOLDER = re.compile(r"^>\s*([*_])[^*_].*\1\s*$", re.MULTILINE)


def write_demonstration(assignment: Assignment, rubric: Rubric, students: Sequence[str], folder: Path) -> None:
    """Writes what each student hands in into `folder`, which is emptied before. The last one hands in nothing."""
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    name = next((name for name in assignment.hand_in if name.endswith(".md")), "written.md")
    template = assignment.folder / name
    figures = sorted(assignment.solution.glob("*.png"))[:2]
    text = read_text(template) if template.is_file() else _questions(rubric)
    for number, student in enumerate(students[:-1]):
        place = folder / student
        place.mkdir()
        (place / assignment.handed_in[0]).write_text('"""Not what this is about."""\n')
        for figure in figures if number % 3 != 2 else ():
            shutil.copy(figure, place / figure.name)
        if number % 10 == NOTHING:
            continue
        figure_name = figures[number % len(figures)].name if figures else "figure.png"
        (place / name).write_text(_written(text, rubric, number, figure_name))


def _written(text: str, rubric: Rubric, number: int, figure: str) -> str:
    if number % 10 == UNTOUCHED:
        return text
    if number % 10 == NO_HEADINGS:
        return "I forgot the headings. " + " ".join(_says(question, number, figure) for question in rubric.questions)
    lines = text.splitlines()
    heads = marked(lines, [question.id for question in rubric.questions])
    pieces, here = list[str](), ""
    for line, head in zip([*lines, ""], [*heads, ""], strict=True):
        if head is not None and (question := rubric.question(here)):
            pieces.append(f"{_says(question, number, figure)}\n")
        here = head if head is not None else here
        pieces.append(line)
    return _PLACEHOLDER.sub("", "\n".join(pieces))


def _says(question: Question, number: int, figure: str) -> str:
    texts = [item.text for item in question.items if item.points > 0] or ["nothing"]
    first, second = texts[number % len(texts)], texts[(number + 1) % len(texts)]
    return ANSWERS[(number + len(question.id) + ord(question.id[-1])) % len(ANSWERS)].format(first, second, figure)


def _questions(rubric: Rubric) -> str:
    return "\n".join(f"## {question.id}. {question.title}\n\n> *your answer*\n" for question in rubric.questions)
