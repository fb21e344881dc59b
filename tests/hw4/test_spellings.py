"""Right answers earn their points however they are written, and wrong ones do not: data in spellings.toml."""

from __future__ import annotations

import tomllib
from collections import Counter
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


def test_every_wrong_one_fails(graded) -> None:
    checks = graded([(each["answer"], each["text"]) for each in WRONG], named=False)
    passed = [each["text"] for each, c in zip(WRONG, checks, strict=True) if (c.verdict, c.points) != ("failed", 0)]
    assert passed == []


def test_a_listed_mistake_is_named_however_it_is_written(graded) -> None:
    listed = [each for each in WRONG if each["mistake"]]
    checks = graded([(each["answer"], each["text"]) for each in listed])
    named = {
        each["text"]: (each["mistake"], check.diagnosis.mutant if check.diagnosis else "")
        for each, check in zip(listed, checks, strict=True)
    }
    assert {text: pair for text, pair in named.items() if pair[0] != pair[1]} == {}


SAYS = {
    "sign": ("opposite sign",),
    "inverse": ("turned over",),
    "root": ("square root", "the square of"),
    "base": ("natural one",),
    "swapped": ("in each other's places",),
    "term missing": ("term is missing",),
}


def test_what_a_wrong_answer_looks_like_is_said(graded) -> None:
    """Where no listed mistake fits: sign, base of a logarithm, inverse, symbols exchanged, a term missing."""
    kinds = [each for each in WRONG if not each["mistake"] and each["kind"] in SAYS]
    said = Counter[str]()
    missed = []
    for each, check in zip(kinds, graded([(each["answer"], each["text"]) for each in kinds]), strict=True):
        text = f"{check.hint} {check.diagnosis.says if check.diagnosis else ''}"
        if any(words in text for words in SAYS[each["kind"]]):
            said[each["kind"]] += 1
        else:
            missed.append((each["kind"], each["answer"], each["text"], text))
    assert missed == []
    assert set(said) == set(SAYS)
