"""Loose files in a class folder that are nobody's submission.

Nobody's work may vanish: what could be somebody's only hand-in, in whatever form, is no companion. It gets a row, and
reading it says what is wrong with it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

from grader.intake import archives, folders, names
from grader.intake.content import sniffed
from grader.intake.entry import Asked
from grader.intake.platforms import labels
from grader.intake.submission import Allowance, IntakeLimits
from grader.intake.tree import Item, Kind

# What a download or a TA puts beside the submissions.
_BESIDE_SUFFIXES = (".csv", ".tsv", ".xlsx", ".yml", ".yaml", ".json", ".jsonl", ".toml", ".md", ".rst", ".log")
_BESIDE_STEMS = ("readme", "requirements", "license")
_LEFT_BY_EDITORS = re.compile(r"(?P<of>.+?)(?:~|\.bak|\.orig|\.rej|\.swp|\.tmp|\.pyc)|#(?P<inside>.+)#")
_RESULTS = ("class.csv", "misconceptions.csv")


def why_beside(name: str, asked: Asked) -> str:
    """Why a loose file is no submission, whoever else is in the class; "" when it may be one."""
    lower = name.lower()
    if names.is_notebook(lower):
        return ""
    if name.startswith("~$"):
        return "left by an office program"
    if asked.is_by_hand(name):
        return "graded by hand"
    if ".md" in asked.suffixes and lower.endswith(".md") and asked.is_work(name) and lower != "readme.md":
        return ""
    if lower.endswith(_BESIDE_SUFFIXES) or lower.removesuffix(".txt") in _BESIDE_STEMS:
        return "a list or a text, which holds no code"
    return ""


def whose(name: str, students: Mapping[str, str], asked: Asked) -> str:
    """The student beside whose work a loose file lies, such as `ada.pdf` beside `ada.py`; "" when there is none.

    `students` are those who handed in code: the folded name of a submission -> its row.
    """
    if asked.is_work(name):
        return ""
    left = _LEFT_BY_EDITORS.fullmatch(name)
    of = (left["of"] or left["inside"]) if left else name
    stem = names.folded(names.stem(of) if left else of.rpartition(".")[0] or of)
    if stem in students:
        return students[stem]
    for pattern in asked.by_hand:
        part = names.folded(pattern.rpartition(".")[0])
        for between in "_- .":
            owner = stem.removesuffix(f"{between}{part}")
            if part and owner != stem and owner in students:
                return students[owner]
    return ""


def is_results(folder: Path, inside: Iterable[str]) -> bool:
    """Whether a folder is what `grade` wrote, and no student."""
    return set(_RESULTS) <= set(inside)


def is_the_download(path: Path, beside: Collection[str]) -> bool:
    """Whether an archive is the whole class, which somebody unpacked where it lay: two of its names lie beside it."""
    return len({item.name for item in _top(path)} & set(beside)) >= 2


def students_in(path: Path) -> list[str]:
    """Whose hand-ins are in an archive, where a platform's names say that they are several students'; or []."""
    found = _top(path)
    labelled = labels({item.name: item.kind is Kind.FOLDER for item in found})
    who = sorted({label.who for label in labelled.values()})
    return who if len(who) > 1 else []


def _top(path: Path, limits: IntakeLimits = IntakeLimits()) -> list[Item]:  # noqa: B008
    """What an archive holds at its top, or in the one folder there; nothing where that cannot be listed."""
    try:
        data = folders.read_file(path, limits.archive_bytes)
        if sniffed(data) != "zip" or len(data) > limits.archive_bytes:
            return []  # to list a compressed tar is to unpack it
        found = archives.levels(data, "zip", path.name, limits, Allowance.of(limits))
        first = next(found, [])
        return next(found, []) if len(first) == 1 and first[0].kind is Kind.FOLDER else first
    except Exception:  # whatever is wrong with it, reading it as a submission says so
        return []
