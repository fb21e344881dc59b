"""From what was read to what is entered: each line finds its student, or is told. Pure functions."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import PurePath
from types import MappingProxyType

from grader.book import scores
from grader.book.entered import grouped, grouped_by_staff, of_somebody_else, outdated, scored
from grader.book.marks import MarkedAnswer
from grader.book.matching import Matched, Suggestion, match
from grader.book.roster import KEY, NAME, Person, Roster
from grader.book.rows import (
    Alias,
    Content,
    Entry,
    Excused,
    Extension,
    Groups,
    Marked,
    Membership,
    Pending,
    Score,
    Student,
    students_in,
)
from grader.book.rows import Person as Known
from grader.book.scores import Extended, Grouped, HandedIn, PartScore, Results
from grader.book.standing import PROJECT
from grader.intake.submitters import Submitter

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
        Person(
            person.key,
            person.name,
            {system: names[i] for system, names in person.names.items() if i < len(names)},
            tuple(sorted(person.keys - {person.key})),
        )
        for person in known
        for i in range(max([1, *map(len, person.names.values())]))
    ]
    return Roster(tuple(found), tuple(systems))


def of_results(
    results: Results,
    times: Sequence[HandedIn],
    roster: Roster,
    system: str,
    homework: str,
    of: Fraction,
    people: Mapping[str, Sequence[Submitter]] = MappingProxyType({}),
    entries: Sequence[Entry] = (),
) -> Imported:
    """The scores of a run, for one homework that is worth `of` points. A submission without a time was in time.

    `people` are those who handed in, where the names of submissions do not say it. Several of one submission are a
    group for this homework; whoever hands in alone leaves theirs. `entries` are those of the book: a group's regrade
    replaces the score that one of them has of the same hand-in, whoever is named first today.
    """
    submissions = list(dict.fromkeys(each.submission for each in (*results.scores, *results.ungraded)))
    submissions += [name for name in results.waiting if name not in submissions]
    called = KEY if system == RESULTS and not roster.has(system) else roster.system(system)
    own = match(submissions, roster, called)  # what the roster calls a submission goes before what its platform says
    people = {name: who for name, who in people.items() if name in own.how or name not in own.found}
    matched = match([name for name in submissions if name not in people], roster, called)
    by_staff = grouped_by_staff(entries, homework)
    by_people = of_people(people, submissions, roster, homework, grouped(entries, homework), by_staff)
    before = scored(entries, homework)
    fingerprints = {each.submission: each.fingerprint for each in (*results.ungraded, *results.scores)}
    failed = {each.submission: each.fingerprint for each in results.ungraded if each.homework == homework}
    under = {
        name: next((key for key in keys if (key, fingerprints.get(name)) in before), keys[0])
        for name, keys in by_people.members.items()
    }
    found = {**matched.found, **under}
    at = {each.submission: each for each in times}
    contents: list[Content] = [
        _score(score, found[score.submission], at.get(score.submission), homework, str(results.folder))
        for score in results.scores
        if score.submission in found and score.homework == homework and score.of == of
    ]
    elsewhere = of_somebody_else(contents, entries, by_people.together)
    older = outdated(contents, entries)
    contents = [each for each in contents if each not in elsewhere and each not in older]
    contents += [
        Pending(found[name], homework, failed.get(name, ""))
        for name in (*failed, *(each for each in results.waiting if each not in failed))
        if name in found
    ]
    entered = {content.student for content in contents if isinstance(content, Score | Pending)}
    contents += [each for each in by_people.together if under[by_people.of[each.student]] in entered]
    left = [*_unmatched(matched, called), *by_people.left, *_not_there(at, submissions)]
    left += [
        f"{PurePath(score.source).stem}: was graded on {score.graded_at:%Y-%m-%d %H:%M} UTC, and the book has a newer "
        f"result. If the old one is right, withdraw entry {entry.id}, then enter this again."
        for score, entry in older.items()
    ]
    left += [
        f"{PurePath(score.source).stem}: is {score.student}'s here, and in the book it was entered for "
        f"{', '.join(students_in(entry.content))}. If that was wrong, withdraw entry {entry.id}, then enter this again."
        for score, entry in elsewhere.items()
    ]
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


@dataclass(frozen=True)
class ByPeople:
    """Who handed in each submission, the first of them first, who hands in together, and what found nobody."""

    members: Mapping[str, tuple[str, ...]]
    together: tuple[Membership, ...]
    left: tuple[str, ...]

    @property
    def found(self) -> dict[str, str]:
        """The first student of each submission."""
        return {name: keys[0] for name, keys in self.members.items()}

    @property
    def of(self) -> dict[str, str]:
        """The submission of each student."""
        return {key: name for name, keys in self.members.items() for key in keys}


def of_people(
    people: Mapping[str, Sequence[Submitter]],
    submissions: Sequence[str],
    roster: Roster,
    homework: str,
    in_groups: Collection[str] = (),
    by_staff: Collection[str] = (),
) -> ByPeople:
    """Finds the students by what a platform knows of those who handed in: number, address, or name.

    A number that two students have in two systems says nothing. Who is in one of the platform's groups (`in_groups`)
    and now hands in alone leaves it. What staff said of somebody's group (`by_staff`) stays, and is told where a
    platform says otherwise. Two submissions of one student are told, and neither is entered.
    """
    called: dict[str, set[str]] = {}
    for person in roster.people:
        for name in (person.key, *person.merged, *person.names.values()):
            called.setdefault(name, set()).add(person.key)
    keys_of, left = dict[str, list[str]](), list[str]()
    for submission in submissions:
        keys = keys_of.setdefault(submission, [])
        for each in people.get(submission, ()):
            by_number = [*set().union(*(called.get(name, set()) for name in (each.sid, each.email) if name))]
            by_name = match([each.name], roster, NAME).found.get(each.name)
            key = by_number[0] if len(by_number) == 1 else by_name
            if key and by_name and key != by_name:
                left.append(
                    f"{submission}: its number or address is {key}'s, and its name {each.name} is {by_name}'s. "
                    "Correct the roster."
                )
            elif key is None:
                near = match([each.name], roster, NAME).unknown.get(each.name, ())
                left.append(f"{submission}: handed in by {_unknown(each.name, near, NAME)}")
            elif key not in keys:
                keys.append(key)
    whose: dict[str, list[str]] = {}
    for submission, keys in keys_of.items():
        for key in keys:
            whose.setdefault(key, []).append(submission)
    twice = {key: names for key, names in whose.items() if len(names) > 1}
    for key, names in twice.items():
        left.append(f"{', '.join(names)}: are all of {key}. Keep one, or correct the roster.")
    doubtful = {name for names in twice.values() for name in names}
    sure = {name: keys for name, keys in keys_of.items() if keys and name not in doubtful}
    for name, keys in sure.items():
        if len(keys) > 1 and (stays := [key for key in keys if key in by_staff]):
            others = f"The platform says that {', '.join(keys)} handed it in together"
            left.append(f"{name}: {others}, and you said otherwise of {', '.join(stays)}, which stays.")
    together = [
        Membership(key, name, homework)
        for name, keys in sure.items()
        if len(keys) > 1
        for key in keys
        if key not in by_staff
    ]
    together += [Membership(keys[0], "", homework) for keys in sure.values() if len(keys) == 1 and keys[0] in in_groups]
    members = {name: tuple([key for key in keys if key not in by_staff] or keys) for name, keys in sure.items()}
    return ByPeople(members, tuple(together), tuple(left))


def _score(score: scores.ResultScore, key: str, time: HandedIn | None, homework: str, folder: str) -> Score:
    assert score.points is not None  # those without are in `ungraded`
    source = f"{PurePath(folder).name}/{score.submission}.json"  # students read it: no folders of ours
    at, by = (time.at, time.by) if time else (None, "")
    return Score(
        key, homework, score.points, score.of, at, source, score.fingerprint, timed_by=by, graded_at=score.graded_at
    )


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


def of_marks(found: Sequence[MarkedAnswer], roster: Roster, together: Groups = Groups()) -> Imported:  # noqa: B008
    """What answers were given by hand. Lines that say different things of one answer, whoever of a group they name, are
    told, and none of them is entered."""
    keys, left = _students([(each.student, each.line) for each in found], roster)
    of_answer: dict[tuple[tuple[str, ...], str, str], list[MarkedAnswer]] = {}
    for each in found:
        if each.student in keys:
            who = together.together(keys[each.student], each.homework)
            of_answer.setdefault((who, each.homework, each.question), []).append(each)
    contents, told = list[Content](), list(left)
    for (who, homework, question), answers in of_answer.items():
        if len({each.marking for each in answers}) > 1:
            lines = ", ".join(str(each.line) for each in answers)
            told.append(f"lines {lines}: say different things of {' and '.join(who)}, {homework} {question}. Keep one.")
            continue
        marking = answers[0].marking
        student = keys[answers[0].student]
        contents.append(Marked(student, homework, question, marking.items, marking.adjustment, marking.comment))
    return Imported(tuple(contents), tuple(told))


def _students(named: Sequence[tuple[str, int]], roster: Roster) -> tuple[dict[str, str], tuple[str, ...]]:
    """Who is meant in a list that people wrote: by key, or else by name. Several lines may be of one student."""
    names = {name for name, _ in named}
    keys = {name: roster.by_key[name].key for name in names if name in roster.by_key}
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


def _not_there(at: Mapping[str, HandedIn], submissions: Sequence[str]) -> list[str]:
    return [f"{name}: has a time, but no result." for name in at if name not in submissions]
