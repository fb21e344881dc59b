"""From what was read to what is entered: each line finds its student, or is told. Pure functions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from pathlib import PurePath

from grader.book import scores
from grader.book.marks import MarkedAnswer
from grader.book.matching import Matched, Suggestion, match
from grader.book.roster import KEY, NAME, Person, Roster
from grader.book.rows import Alias, Content, Excused, Extension, Marked, Membership, Score, Student
from grader.book.rows import Person as Known
from grader.book.scores import Extended, Grouped, HandedIn, PartScore, Results
from grader.book.standing import PROJECT

RESULTS = "results"  # the system whose names are those of submissions, where a roster has no column for another


@dataclass(frozen=True)
class Imported:
    """What may be entered, and what could not: a sentence for each line that found no student."""

    contents: tuple[Content, ...]
    left: tuple[str, ...] = ()


def of_roster(roster: Roster) -> Imported:
    """Everybody in a roster, with their names in each system."""
    students = [Student(person.key, person.name) for person in roster.people]
    aliases = [Alias(person.key, system, name) for person in roster.people for system, name in person.names.items()]
    return Imported((*students, *aliases))


def roster_of(people: Iterable[Known]) -> Roster:
    """The students of a book as a roster to match names with. Who has several names in a system stands there again."""
    known = list(people)
    systems = dict.fromkeys(system for person in known for system in person.names)
    found = [
        Person(person.key, person.name, {system: names[i] for system, names in person.names.items() if i < len(names)})
        for person in known
        for i in range(max([1, *map(len, person.names.values())]))
    ]
    return Roster(tuple(found), tuple(systems))


def of_results(
    results: Results, times: Sequence[HandedIn], roster: Roster, system: str, homework: str, of: Fraction
) -> Imported:
    """The scores of a run, for one homework that is worth `of` points. A submission without a time was in time."""
    submissions = [score.submission for score in results.scores]
    called = KEY if system == RESULTS and system not in roster.systems else roster.system(system)
    matched = match(submissions, roster, called)
    at = {each.submission: each.at for each in times}
    contents = [
        _score(score, matched.found[score.submission], at, homework, str(results.folder))
        for score in results.scores
        if score.submission in matched.found and score.homework == homework and score.of == of
    ]
    left = [*_unmatched(matched, called), *_not_there(at, submissions)]
    left += [f"{each.submission}: is of {each.homework}." for each in results.scores if each.homework != homework]
    left += [
        f"{each.submission}: only problems {', '.join(each.problems)} were graded. Grade all of them."
        for each in results.scores
        if each.homework == homework and each.of != of
    ]
    left += [f"{each.submission}: has no grade, by a fault of ours. Grade it again." for each in results.ungraded]
    left += [f"{name}: {why}" for name, why in results.unreadable.items()]
    left += [f"{name}: is still to be graded." for name in results.waiting]
    return Imported(tuple(contents), tuple(left))


def _score(score: scores.ResultScore, key: str, at: Mapping[str, datetime], homework: str, folder: str) -> Score:
    assert score.points is not None  # those without are in `ungraded`
    source = f"{PurePath(folder).name}/{score.submission}.json"  # students read it: no folders of ours
    return Score(key, homework, score.points, score.of, at.get(score.submission), source, score.fingerprint)


def of_project(found: Sequence[PartScore], roster: Roster, source: str) -> Imported:
    """Scores of parts of the project."""
    keys, left = _students([(each.student, each.line) for each in found], roster)
    contents = [
        Score(keys[each.student], each.part, each.points, each.of, None, f"{source}, line {each.line}", "", PROJECT)
        for each in found
        if each.student in keys
    ]
    return Imported(tuple(contents), left)


def of_extensions(found: Sequence[Extended], roster: Roster) -> Imported:
    """More days for some."""
    keys, left = _students([(each.student, each.line) for each in found], roster)
    contents = [Extension(keys[e.student], e.homework, e.days, e.reason) for e in found if e.student in keys]
    return Imported(tuple(contents), left)


def of_excusals(found: Sequence[scores.Excused], roster: Roster) -> Imported:
    """Homeworks that do not count for some."""
    keys, left = _students([(each.student, each.line) for each in found], roster)
    contents = [Excused(keys[each.student], each.homework, each.reason) for each in found if each.student in keys]
    return Imported(tuple(contents), left)


def of_groups(found: Sequence[Grouped], roster: Roster) -> Imported:
    """Who hands in together."""
    keys, left = _students([(each.student, each.line) for each in found], roster)
    contents = [Membership(keys[each.student], each.group, each.homework) for each in found if each.student in keys]
    return Imported(tuple(contents), left)


def of_marks(found: Sequence[MarkedAnswer], roster: Roster) -> Imported:
    """What answers were given by hand."""
    keys, left = _students([(each.student, each.line) for each in found], roster)
    contents = [
        Marked(
            keys[each.student],
            each.homework,
            each.question,
            each.marking.items,
            each.marking.adjustment,
            each.marking.comment,
        )
        for each in found
        if each.student in keys
    ]
    return Imported(tuple(contents), left)


def _students(named: Sequence[tuple[str, int]], roster: Roster) -> tuple[dict[str, str], tuple[str, ...]]:
    """Who is meant in a list that people wrote: by key, or else by name. Several lines may be of one student."""
    names = {name for name, _ in named}
    keys = {name: name for name in names if name in roster.by_key}
    for name in sorted(names - set(keys)):
        keys |= match([name], roster, KEY).found or match([name], roster, NAME).found
    left = []
    for name, line in named:
        if name not in keys:
            left.append(f"line {line}: {_unknown(name, match([name], roster, NAME).unknown.get(name, ()), NAME)}")
    return keys, tuple(left)


def _unmatched(matched: Matched, system: str) -> list[str]:
    unknown = [_unknown(name, nearest, system) for name, nearest in matched.unknown.items()]
    twice = [
        f"{' and '.join(names)}: all are {key}'s. Say which counts: take the others out of the folder."
        for key, names in matched.twice.items()
    ]
    return [*unknown, *twice]


def _unknown(name: str, nearest: Sequence[Suggestion], system: str) -> str:
    near = ", ".join(f"{each.spelling} ({each.key})" for each in nearest)
    return f"{name}: nobody in the book is called so ({system}). {f'Nearest: {near}.' if near else ''}".rstrip()


def _not_there(at: Mapping[str, datetime], submissions: Sequence[str]) -> list[str]:
    return [f"{name}: has a time, but no result." for name in at if name not in submissions]
