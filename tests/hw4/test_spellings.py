"""Right answers earn their points however they are written, and wrong ones do not: data in spellings.toml."""

from __future__ import annotations

import tomllib
from pathlib import Path

from grader.course.assignment import Assignment

SPELLINGS = tomllib.loads((Path(__file__).parent / "spellings.toml").read_text(encoding="utf-8"))
RIGHT, WRONG = SPELLINGS["right"], SPELLINGS["wrong"]


def test_there_are_enough_and_for_every_answer(hw4: Assignment) -> None:
    names = {
        line[4:].split("(")[0] for line in hw4.sources(hw4.folder)["answers"].splitlines() if line.startswith("def ")
    }
    assert len(names) == 25
    for spellings in (RIGHT, WRONG):
        assert len(spellings) >= 60
        assert {each["answer"] for each in spellings} == names
    assert len({(each["answer"], each["text"]) for each in RIGHT + WRONG}) == len(RIGHT + WRONG)


def test_every_right_spelling_earns_its_points(graded) -> None:
    checks = graded([(each["answer"], each["text"]) for each in RIGHT])
    lost = [
        (each["text"], check.summary) for each, check in zip(RIGHT, checks, strict=True) if check.verdict != "passed"
    ]
    assert lost == []


SAYS = {
    "sign": ("opposite sign",),
    "inverse": ("turned over",),
    "root": ("square root", "the square of"),
    "base": ("natural one",),
    "swapped": ("in each other's places",),
    "term missing": ("term is missing",),
}


def test_every_wrong_one_fails_and_is_told_what_it_looks_like(graded) -> None:
    """A listed mistake by its name, whatever else is wrong beside it; others by sign, base, exchanged symbols, ..."""
    checks = list(zip(WRONG, graded([(each["answer"], each["text"]) for each in WRONG]), strict=True))
    assert [each["text"] for each, check in checks if (check.verdict, check.points) != ("failed", 0)] == []
    named = {
        each["text"]: (each["mistake"], (check.diagnosis and check.diagnosis.mutant) or "") for each, check in checks
    }
    assert {text: pair for text, pair in named.items() if pair[0] != pair[1]} == {}
    said = {
        (each["kind"], each["text"]): f"{check.hint} {check.diagnosis.says if check.diagnosis else ''}"
        for each, check in checks
        if each.get("kind") in SAYS
    }
    assert {kind for kind, _ in said} == set(SAYS)
    assert {key: text for key, text in said.items() if not any(words in text for words in SAYS[key[0]])} == {}
