"""What people enter in the gradebook, and what follows from it. The book only grows: these are its rows.

All functions here are pure. They depend on the moments of entry, never on the order in which entries reached a book.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime
from fractions import Fraction
from functools import cache
from hashlib import blake2b

from grader.book import standing
from grader.book.standing import HOMEWORK, PROJECT, HandIn, Work

IN_TIME = datetime(1900, 1, 1, tzinfo=UTC)  # the moment of a hand-in whose moment nobody knows: before all due dates
LONGEST_NAME, LONGEST_TEXT = 250, 10_000  # characters; PostgreSQL's indexes end at 2,700 bytes


@dataclass(frozen=True)
class Student:
    """Somebody in the course. A later one with the same key is a new name."""

    key: str
    name: str

    def __post_init__(self) -> None:
        _named(self, "key", "name")


@dataclass(frozen=True)
class Alias:
    """The name of a student in one system: "results", "moodle". Later entries may give it to another student."""

    student: str
    system: str
    name: str

    def __post_init__(self) -> None:
        _named(self, "student", "system", "name")


@dataclass(frozen=True)
class Merge:
    """Two students are one: all that is known of `student` belongs to `into`."""

    student: str
    into: str

    def __post_init__(self) -> None:
        _named(self, "student", "into")
        if self.student == self.into:
            raise ValueError(f"{self.student!r} cannot be merged into itself")


@dataclass(frozen=True)
class Score:
    """The points of one hand-in. `group` says whether `what` is a homework or a part of the project.

    `fingerprint` tells hand-ins apart: a later score of the same hand-in is a regrade and replaces the earlier one.
    A score whose `handed_in` is None was in time.
    """

    student: str
    what: str
    points: Fraction
    of: Fraction
    handed_in: datetime | None = None
    source: str = ""
    fingerprint: str = ""
    group: str = HOMEWORK

    def __post_init__(self) -> None:
        _named(self, "student", "what")
        _written(self, "source", "fingerprint", longest=LONGEST_NAME)
        if not isinstance(self.points, int | Fraction) or not isinstance(self.of, int | Fraction):
            raise ValueError("points are fractions: Fraction('7.5'), not 7.5")
        if self.points < 0 or self.of <= 0:
            raise ValueError(f"{self.points} of {self.of} points cannot be")
        if self.handed_in is not None:
            object.__setattr__(self, "handed_in", _moment(self.handed_in, "handed_in"))
        if self.group not in (HOMEWORK, PROJECT):
            raise ValueError(f"the group is {HOMEWORK!r} or {PROJECT!r}, not {self.group!r}")
        object.__setattr__(self, "points", Fraction(self.points))
        object.__setattr__(self, "of", Fraction(self.of))


@dataclass(frozen=True)
class Extension:
    """More days on one homework. A later one replaces it, so 0 days end it."""

    student: str
    what: str
    days: int
    reason: str

    def __post_init__(self) -> None:
        _named(self, "student", "what")
        _written(self, "reason")
        if type(self.days) is not int or not 0 <= self.days <= 1000:
            raise ValueError(f"an extension is a whole number of days from 0 to 1000, not {self.days!r}")


@dataclass(frozen=True)
class Excused:
    """One homework does not count for this student. Withdraw the entry to end it."""

    student: str
    what: str
    reason: str

    def __post_init__(self) -> None:
        _named(self, "student", "what")
        _written(self, "reason")


@dataclass(frozen=True)
class Withdrawn:
    """Takes an earlier entry back, as if it had not been made. May itself be withdrawn."""

    entry_id: str

    def __post_init__(self) -> None:
        _named(self, "entry_id")


Content = Student | Alias | Merge | Score | Extension | Excused | Withdrawn
KINDS: Mapping[str, type[Content]] = {
    kind.__name__.lower(): kind for kind in (Student, Alias, Merge, Score, Extension, Excused, Withdrawn)
}


@dataclass(frozen=True)
class Entry:
    """One row: what was entered, by whom, why and when (`at`, in UTC). `place` orders entries of one moment."""

    content: Content
    who: str
    why: str
    at: datetime
    place: int = 0
    id: str = field(init=False)

    def __post_init__(self) -> None:
        _written(self, "who", "why")
        object.__setattr__(self, "at", _moment(self.at, "at"))
        object.__setattr__(self, "id", identity(self.content, self.at, self.place))

    @property
    def order(self) -> tuple[datetime, int, str]:
        """Entries count in this order."""
        return self.at, self.place, self.id


@dataclass(frozen=True)
class Person:
    """A student with all that was merged: `keys` has every key, `names` the names in each system."""

    key: str
    name: str
    keys: frozenset[str]
    names: Mapping[str, tuple[str, ...]]


def kind_of(content: Content) -> str:
    """The word for this kind of entry."""
    return type(content).__name__.lower()


def students_in(content: Content) -> tuple[str, ...]:
    """The keys of the students that an entry is about."""
    match content:
        case Student(key=key):
            return (key,)
        case Merge(student=student, into=into):
            return student, into
        case Withdrawn():
            return ()
        case _:
            return (content.student,)


def slot(content: Content) -> tuple[str, ...]:
    """What an entry speaks of. Of two entries with the same slot, the later one counts."""
    match content:
        case Student(key=key):
            return "student", key
        case Alias(system=system, name=name):
            return "alias", system, name
        case Merge(student=student):
            return "merge", student
        case Score(student=student, what=what, fingerprint=fingerprint, group=group):
            return "score", student, group, what, fingerprint
        case Extension(student=student, what=what) | Excused(student=student, what=what):
            return kind_of(content), student, what
        case Withdrawn(entry_id=entry_id):
            return "withdrawn", entry_id


def identity(content: Content, at: datetime, place: int) -> str:
    """The name of an entry, the same in every book that holds it: a digest of its content, moment and place."""
    values = [str(getattr(content, each.name)) for each in fields(content)]
    said = json.dumps([kind_of(content), values, at.isoformat(), place])
    return blake2b(said.encode(), digest_size=16).hexdigest()


def counting(entries: Iterable[Entry]) -> list[Entry]:
    """Entries that were not withdrawn, in order. Withdrawals are not among them."""
    ordered = sorted(entries, key=lambda entry: entry.order)
    by_target: dict[str, list[str]] = {}
    for entry in ordered:
        if isinstance(entry.content, Withdrawn):
            by_target.setdefault(entry.content.entry_id, []).append(entry.id)

    @cache
    def withdrawn(name: str) -> bool:
        return any(not withdrawn(by) for by in by_target.get(name, ()))

    return [entry for entry in ordered if not isinstance(entry.content, Withdrawn) and not withdrawn(entry.id)]


@dataclass(frozen=True)
class Roots:
    """Whom each merged student is now. `circular` has merges that would close a circle, and so do not count."""

    into: Mapping[str, str]
    circular: frozenset[str]

    def of(self, key: str) -> str:
        """The student that this one was merged into, through all merges."""
        while key in self.into:
            key = self.into[key]
        return key


def roots(entries: Iterable[Entry]) -> Roots:
    """Who was merged into whom. Each student's latest merge counts, unless it closes a circle."""
    latest: dict[str, tuple[str, Merge]] = {}
    for entry in counting(entries):
        if isinstance(entry.content, Merge):
            latest.pop(entry.content.student, None)
            latest[entry.content.student] = entry.id, entry.content
    found, circular = Roots({}, frozenset()), set[str]()
    for name, merge in latest.values():
        if found.of(merge.into) == merge.student:
            circular.add(name)
        else:
            found = Roots({**found.into, merge.student: merge.into}, frozenset())
    return Roots(found.into, frozenset(circular))


def people(entries: Iterable[Entry]) -> dict[str, Person]:
    """All students by their keys. Those who were merged into another are found in that one's `keys`."""
    entries = counting(entries)
    merged = roots(entries)
    called, names, owner = dict[str, str](), dict[str, str](), dict[tuple[str, str], str]()
    keys = dict[str, set[str]]()
    for entry in entries:
        match entry.content:
            case Student(key=key, name=name):
                root = merged.of(key)
                keys.setdefault(root, {root}).add(key)
                names[key] = called[root] = name
            case Alias(student=student, system=system, name=name):
                owner[system, name] = merged.of(student)
    aliases = dict[str, dict[str, tuple[str, ...]]]()
    for (system, name), root in sorted(owner.items()):
        of_one = aliases.setdefault(root, {})
        of_one[system] = (*of_one.get(system, ()), name)
    return {
        root: Person(root, names.get(root, called[root]), frozenset(keys[root]), aliases.get(root, {}))
        for root in sorted(keys)
    }


def works(entries: Iterable[Entry]) -> dict[str, Work]:
    """The work of every student, in one pass. A student without any has an empty one."""
    entries = counting(entries)
    merged = roots(entries)
    root = cache(merged.of)
    hand_ins = dict[str, dict[tuple[str, str], HandIn]]()
    found = {key: Work({}, {}, {}, {}) for key in people(entries)}
    for entry in entries:
        content = entry.content
        if not isinstance(content, Score | Extension | Excused) or (key := root(content.student)) not in found:
            continue
        match content:
            case Score(what=what, group=group) if group == PROJECT:
                _put(found[key].project, what, content.points / content.of)
            case Score(what=what, fingerprint=fingerprint):
                of_one = hand_ins.setdefault(key, {})
                of_one.pop((what, fingerprint), None)  # a regrade stands where it was entered
                of_one[what, fingerprint] = HandIn(content.points, content.of, content.handed_in or IN_TIME)
            case Extension(what=what, days=days, reason=reason):
                _put(found[key].extensions, what, standing.Extension(days, reason))
            case Excused(what=what, reason=reason):
                _put(found[key].excused, what, reason)
    for key, of_one in hand_ins.items():
        for (what, _), hand_in in sorted(of_one.items(), key=lambda each: each[1].at):
            _put(found[key].handed_in, what, (*found[key].handed_in.get(what, ()), hand_in))
    return found


def news(before: Iterable[Entry], contents: Sequence[Content]) -> list[Content]:
    """Those of these that would say something new, in order.

    An entry says nothing new if the same content counts in its slot already. So the same import may run twice, and
    what was withdrawn, or replaced by something else, may be entered again. Where an import has several entries for
    one slot, those at its beginning are known with which the slot's history ends.
    """
    before = counting(before)
    merged = roots(before)
    history = dict[tuple[str, ...], list[Content]]()
    for entry in before:
        _follow(history, _resolved(entry.content, merged.of))
    coming = dict[tuple[str, ...], list[Content]]()
    for content in contents:
        _follow(coming, _resolved(content, merged.of))
    left = {at: later[_overlap(history.get(at, []), later) :] for at, later in coming.items()}
    new = list[Content]()
    for content in contents:
        same = _resolved(content, merged.of)
        rest = left[slot(same)]
        if rest and rest[0] == same and _is_next(coming[slot(same)], rest, same):
            rest.pop(0)
            new.append(content)
    return new
