"""The students of a review, and what each handed in: submissions find their student as results do."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from grader.book.importing import RESULTS, of_people, roster_of
from grader.book.matching import match
from grader.book.roster import KEY
from grader.book.rows import Person
from grader.course.assignment import Assignment, read_text
from grader.errors import GraderError
from grader.intake import Asked, ClassFolder
from grader.intake.entry import Entry
from grader.intake.submitters import Submitter
from grader.report.files import read_result
from grader.review.answers import TEXTS, Questions
from grader.review.files import owners
from grader.review.headings import marked

_ABOUT = re.compile(r"\bproblem\s+(\d+)", re.IGNORECASE)


@dataclass(frozen=True)
class Handed:
    """Who handed in what. `left` has a sentence for each submission that is nobody's in the book."""

    entries: Mapping[str, tuple[Entry, ...]]
    left: tuple[str, ...] = ()


def handed_in(
    found: ClassFolder,
    asked: Asked,
    people: Iterable[Person],
    system: str = RESULTS,
    submitters: Mapping[str, Sequence[Submitter]] = MappingProxyType({}),
) -> Handed:
    """The submissions of each student, by key. Two of one student are both shown, and somebody decides.

    `submitters` are those who handed in, where the names of submissions do not say it. Several have one submission,
    also where one of them handed in another besides.
    """
    roster = roster_of(people)
    called = KEY if system == RESULTS and system not in roster.systems else roster.system(system)
    names = [entry.name for entry in found.entries]
    matched = match([name for name in names if name not in submitters], roster, called)
    left = list(of_people(submitters, names, roster, "").left)
    by_name: dict[str, list[Entry]] = {}
    for entry in found.entries:
        by_name.setdefault(entry.name, []).append(entry)
    entries = {key: tuple(by_name[name]) for name, key in matched.found.items()}
    entries |= {key: tuple(each for name in names for each in by_name[name]) for key, names in matched.twice.items()}
    for name in dict.fromkeys(names):  # each by itself: together, nobody has what is doubtful
        for key in of_people(submitters, [name], roster, "").members.get(name, ()):
            here = entries.get(key, ())
            entries[key] = (*here, *(each for each in by_name[name] if each not in here))
    for name, nearest in matched.unknown.items():
        near = ", ".join(f"{each.spelling} ({each.key})" for each in nearest)
        left.append(f"{name}: nobody in the book is called so. {f'Nearest: {near}.' if near else ''}".rstrip())
    left += [f"{name}: whose this is, its name does not say." for name in nobodys(found, asked)]
    return Handed(entries, tuple(left))


def shared(handed: Handed, together: Mapping[str, tuple[str, ...]]) -> Handed:
    """What those handed in who hand in together, by the first of them. `together` has all of them, by each."""
    entries = dict[str, tuple[Entry, ...]]()
    for key in handed.entries:
        first = together[key][0] if key in together else key
        of_all = [entry for each in together.get(key, (key,)) for entry in handed.entries.get(each, ())]
        entries[first] = tuple(each for at, each in enumerate(of_all) if each not in of_all[:at])
    return Handed(entries, handed.left)


def nobodys(found: ClassFolder, asked: Asked) -> list[str]:
    """Files that people grade, of which nobody can tell whose they are."""
    earlier = {each.file for each in found.passed_over if each.why.startswith("an earlier")}
    return [
        name
        for name, owner in owners(found, asked).items()
        if not owner and name not in earlier and (asked.is_by_hand(name) or name.lower().endswith((*TEXTS, ".pdf")))
    ]


def questions_of(assignment: Assignment, ids: Sequence[str]) -> Questions:
    """What a homework asks, with its texts as they were handed out."""
    there = [assignment.folder / name for name in assignment.hand_in if name.endswith(TEXTS) and "*" not in name]
    there += [
        path
        for name in assignment.hand_in
        if "*" in name
        for path in sorted(assignment.folder.glob(name))
        if path.suffix in TEXTS
    ]
    return Questions(tuple(ids), assignment.hand_in, {path.name: read_text(path) for path in there if path.is_file()})


def problems_behind(asked: Questions) -> dict[str, str]:
    """The problem whose answer a question explains, where its heading says so: "7a. Problem 1: the hierarchy"."""
    found = {}
    for text in asked.handed_out.values():
        lines = text.splitlines()
        for line, question in zip(lines, marked(lines, asked.ids), strict=True):
            about = _ABOUT.search(line)
            if question and about and not question.startswith(about[1]):
                found[question] = about[1]
    return found


def wrong_problems(folder: Path, handed: Handed) -> dict[str, tuple[str, ...]]:
    """The problems in which a check found something wrong, by student, as results in a folder say."""
    found = dict[str, tuple[str, ...]]()
    for key, entries in handed.entries.items():
        for entry in entries:
            path = folder / f"{entry.name}.json"
            if not path.is_file():
                continue
            try:
                result = read_result(path)
            except GraderError:
                continue
            wrong = [check.problem for check in result.checks if check.verdict not in ("passed", "grader_error")]
            found[key] = tuple(dict.fromkeys((*found.get(key, ()), *wrong)))
    return found
