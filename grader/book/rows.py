"""What people enter in the gradebook, and what follows from it. The book only grows: these are its rows.

All functions here are pure. They depend on the moments of entry, never on the order in which entries reached a book.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime
from fractions import Fraction
from functools import cache
from hashlib import blake2b

from grader.book import standing
from grader.book.moments import possible
from grader.book.standing import HOMEWORK, IN_TIME, PROJECT, HandIn, Work
from grader.book.times import Time, with_time
from grader.course.points import decimal
from grader.hand.marking import Marking, by_hand
from grader.hand.rubric import Item, Question, Rubric

LONGEST_NAME, LONGEST_TEXT = 250, 10_000  # characters; PostgreSQL's indexes end at 2,700 bytes
WORD = re.compile(r"[!-~]{1,60}")
NO_TEXT = re.compile("[\0\ud800-\udfff]")  # PostgreSQL takes no NUL, and UTF-8 has no halves of characters


@dataclass(frozen=True, slots=True)
class Student:
    """Somebody in the course. A later one with the same key is a new name."""

    key: str
    name: str

    def __post_init__(self) -> None:
        _named(self, "key", "name")


@dataclass(frozen=True, slots=True)
class Alias:
    """The name of a student in one system: "results", "moodle". Later entries may give it to another student."""

    student: str
    system: str
    name: str

    def __post_init__(self) -> None:
        _named(self, "student", "system", "name")


@dataclass(frozen=True, slots=True)
class Merge:
    """Two students are one: all that is known of `student` belongs to `into`."""

    student: str
    into: str

    def __post_init__(self) -> None:
        _named(self, "student", "into")
        if self.student == self.into:
            raise ValueError(f"{self.student!r} cannot be merged into itself")


@dataclass(frozen=True, slots=True)
class Score:
    """The points of one hand-in. `group` says whether `what` is a homework or a part of the project.

    `fingerprint` tells pieces of work apart: a later score of the same one is a regrade and replaces the earlier one.
    A score whose `handed_in` is None was in time, as far as nobody said when. `timed_by` says where the time is from:
    "Gradescope's metadata"; what becomes of several times says `grader.book.times`. `graded_at` is when it was judged.
    """

    student: str
    what: str
    points: Fraction
    of: Fraction
    handed_in: datetime | None = None
    source: str = ""
    fingerprint: str = ""
    group: str = HOMEWORK
    timed_by: str = ""
    graded_at: datetime | None = None

    def __post_init__(self) -> None:
        _named(self, "student", "what")
        _written(self, "source", "fingerprint", "timed_by", longest=LONGEST_NAME)
        if not isinstance(self.points, (Fraction, int)) or not isinstance(self.of, (Fraction, int)):
            raise ValueError("points are fractions: Fraction('7.5'), not 7.5")
        if self.points < 0 or self.of <= 0:
            raise ValueError(f"{self.points} of {self.of} points cannot be")
        if self.handed_in is not None:
            object.__setattr__(self, "handed_in", _moment(self.handed_in, "handed_in"))
            if not possible(self.handed_in):
                raise ValueError(f"nothing was handed in in the year {self.handed_in.year}")
        if self.graded_at is not None:
            object.__setattr__(self, "graded_at", _moment(self.graded_at, "graded_at"))
        if self.group not in (HOMEWORK, PROJECT):
            raise ValueError(f"the group is {HOMEWORK!r} or {PROJECT!r}, not {self.group!r}")
        if not isinstance(self.points, Fraction) or not isinstance(self.of, Fraction):  # whole numbers
            object.__setattr__(self, "points", Fraction(self.points))
            object.__setattr__(self, "of", Fraction(self.of))


@dataclass(frozen=True, slots=True)
class Pending:
    """A homework was handed in, and is not graded yet by a fault of ours. The next score of it ends that."""

    student: str
    what: str
    fingerprint: str = ""

    def __post_init__(self) -> None:
        _named(self, "student", "what")
        _written(self, "fingerprint", longest=LONGEST_NAME)


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
class Excused:
    """One homework does not count for this student. Withdraw the entry to end it."""

    student: str
    what: str
    reason: str

    def __post_init__(self) -> None:
        _named(self, "student", "what")
        _written(self, "reason")


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """Takes an earlier entry back, as if it had not been made. May itself be withdrawn."""

    entry_id: str

    def __post_init__(self) -> None:
        _named(self, "entry_id")


@dataclass(frozen=True, slots=True)
class RubricQuestions:
    """The questions of a homework that people grade, in order. Those of an earlier one that it lacks are gone."""

    what: str
    questions: tuple[str, ...]
    by_checks: Fraction

    def __post_init__(self) -> None:
        _named(self, "what")
        _words(self, "questions")
        _exact(self, "by_checks")


@dataclass(frozen=True, slots=True)
class RubricQuestion:
    """One question of a rubric. `items` are those that it has now, in order."""

    what: str
    question: str
    problem: str
    title: str
    points: Fraction
    floor: Fraction
    items: tuple[str, ...]

    def __post_init__(self) -> None:
        _named(self, "what", "question", "problem")
        _written(self, "title")
        _words(self, "items")
        _exact(self, "points", "floor")


@dataclass(frozen=True, slots=True)
class RubricItem:
    """What one item of a question gives. A later one changes every grade in which the item applies."""

    what: str
    question: str
    item: str
    points: Fraction
    text: str

    def __post_init__(self) -> None:
        _named(self, "what", "question", "item")
        _written(self, "text")
        _exact(self, "points")


@dataclass(frozen=True, slots=True)
class Marked:
    """What a grader, the `who` of the entry, gave an answer. A later one, by whomever, takes its place."""

    student: str
    what: str
    question: str
    items: tuple[str, ...] = ()
    adjustment: Fraction = Fraction(0)
    comment: str = ""

    def __post_init__(self) -> None:
        _named(self, "student", "what", "question")
        _written(self, "comment")
        _words(self, "items")
        _exact(self, "adjustment")
        if len(set(self.items)) < len(self.items):
            raise ValueError(f"an item is named twice: {', '.join(self.items)}")
        object.__setattr__(self, "items", tuple(sorted(self.items)))  # their order means nothing

    @property
    def marking(self) -> Marking:
        """The same without whose it is."""
        return Marking(self.items, self.adjustment, self.comment)


@dataclass(frozen=True, slots=True)
class Membership:
    """A student hands in together with all others of this group: one homework, or all if `what` is "".

    A later one replaces it; a group "" is none. What is said of one homework goes before what is said of all.
    """

    student: str
    group: str
    what: str = ""

    def __post_init__(self) -> None:
        _named(self, "student")
        _written(self, "group", "what", longest=LONGEST_NAME)


OfRubric = RubricQuestions | RubricQuestion | RubricItem
Content = Student | Alias | Merge | Score | Pending | Extension | Excused | Withdrawn | OfRubric | Marked | Membership
KINDS: Mapping[str, type[Content]] = {
    kind.__name__.lower(): kind
    for kind in (
        *(Student, Alias, Merge, Score, Pending, Extension, Excused, Withdrawn),
        *(RubricQuestions, RubricQuestion, RubricItem, Marked, Membership),
    )
}
OF_RUBRIC = ("rubricquestions", "rubricquestion", "rubricitem")
FIELDS: Mapping[str, tuple[str, ...]] = {
    kind: tuple(each.name for each in fields(content)) for kind, content in KINDS.items()
}


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
class Person:
    """A student with all that was merged: `keys` has every key, `names` the names in each system."""

    key: str
    name: str
    keys: frozenset[str]
    names: Mapping[str, tuple[str, ...]]


def kind_of(content: Content) -> str:
    """The word for this kind of entry."""
    return type(content).__name__.lower()


def told(content: Content) -> str:
    """An entry in words."""
    match content:
        case Student(key=key, name=name):
            return f"{key} is {name}"
        case Alias(student=student, system=system, name=name):
            return f"{student} is called {name} in {system}"
        case Merge(student=student, into=into):
            return f"{student} is {into}"
        case Score(student=student, what=what, points=points, of=of, handed_in=at):
            when = f", handed in {at:%Y-%m-%d %H:%M} UTC" if at else ""
            return f"{student}: {decimal(points)} of {decimal(of)} points for {what}{when}"
        case Pending(student=student, what=what):
            return f"{student}: {what} was handed in, and is not graded yet"
        case Extension(student=student, what=what, days=days, reason=reason):
            return f"{student}: {days} more days on {what} ({reason})"
        case Excused(student=student, what=what, reason=reason):
            return f"{student}: excused from {what} ({reason})"
        case Withdrawn(entry_id=entry_id):
            return f"entry {entry_id} is taken back"
        case RubricQuestions(what=what, questions=questions):
            return f"{what}: people grade {', '.join(questions) or 'nothing'}"
        case RubricQuestion(what=what, question=question, title=title, points=points):
            return f"{what} {question}: {title}, {decimal(points)} points"
        case RubricItem(what=what, question=question, item=item, points=points, text=text):
            return f"{what} {question} {item}: {decimal(points)}, {text}"
        case Marked(student=student, what=what, question=question):
            return f"{student}: {what} {question}: {_given(content)}"
        case Membership(student=student, group=group, what=what):
            together = f"is in group {group}" if group else "hands in alone"
            return f"{student}: {together}{f' for {what}' if what else ''}"


def _given(marked: Marked) -> str:
    adjusted = [f"{decimal(marked.adjustment)} besides"] if marked.adjustment else []
    said = ", ".join([*marked.items, *adjusted]) or "no item applies"
    return f"{said} ({marked.comment})" if marked.comment else said


def students_in(content: Content) -> tuple[str, ...]:
    """The keys of the students that an entry is about."""
    match content:
        case Student(key=key):
            return (key,)
        case Merge(student=student, into=into):
            return student, into
        case Withdrawn() | RubricQuestions() | RubricQuestion() | RubricItem():
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
        case Pending(student=student, what=what, fingerprint=fingerprint):
            return "pending", student, what, fingerprint
        case Extension(student=student, what=what) | Excused(student=student, what=what):
            return kind_of(content), student, what
        case Withdrawn(entry_id=entry_id):
            return "withdrawn", entry_id
        case RubricQuestions(what=what):
            return "rubricquestions", what
        case RubricQuestion(what=what, question=question):
            return "rubricquestion", what, question
        case RubricItem(what=what, question=question, item=item):
            return "rubricitem", what, question, item
        case Marked(student=student, what=what, question=question):
            return "marked", student, what, question
        case Membership(student=student, what=what):
            return "membership", student, what


def identity(content: Content, at: datetime, place: int) -> str:
    """The name of an entry, the same in every book that holds it: a digest of its content, moment and place."""
    kind = kind_of(content)
    values = [str(getattr(content, name)) for name in FIELDS[kind]]
    if kind == "score" and content.graded_at is None:  # type: ignore[union-attr]
        values.pop()  # books of earlier versions have no `graded_at`, and the same names
        if not values[-1]:
            values.pop()  # nor `timed_by` the first
    said = json.dumps([kind, values, at.isoformat(), place])
    return blake2b(said.encode(), digest_size=16).hexdigest()


def counting(entries: Iterable[Entry]) -> list[Entry]:
    """The entries that were not withdrawn, in order."""
    ordered = sorted(entries, key=lambda entry: entry.order)
    by_target: dict[str, list[str]] = {}
    for entry in ordered:
        if isinstance(entry.content, Withdrawn):
            by_target.setdefault(entry.content.entry_id, []).append(entry.id)
    if not by_target:
        return ordered

    @cache
    def withdrawn(name: str) -> bool:  # ends, because the name of a withdrawal is a digest of its target's name
        return any(not withdrawn(by) for by in by_target.get(name, ()))

    return [entry for entry in ordered if not withdrawn(entry.id)]


@dataclass(frozen=True)
class Roots:
    """Whom each merged student is now. `circular` has merges that would close a circle, and so do not count."""

    into: Mapping[str, str]
    circular: tuple[Entry, ...] = ()

    def of(self, key: str) -> str:
        """The student that this one was merged into, through all merges."""
        while key in self.into:
            key = self.into[key]
        return key


def roots(entries: Iterable[Entry]) -> Roots:
    """Who was merged into whom. Each student's latest merge counts, unless it closes a circle."""
    latest = dict[str, tuple[Entry, str]]()
    for entry in counting(entries):
        if isinstance(entry.content, Merge):
            latest.pop(entry.content.student, None)
            latest[entry.content.student] = entry, entry.content.into
    into, circular = dict[str, str](), list[Entry]()
    for student, (entry, other) in latest.items():
        if Roots(into).of(other) == student:
            circular.append(entry)
        else:
            into[student] = other
    return Roots(into, tuple(circular))


def people(entries: Iterable[Entry]) -> dict[str, Person]:
    """All students by their keys. Those who were merged into another are found in that one's `keys`."""
    entries = counting(entries)
    merged = roots(entries)
    own, latest, owner = dict[str, str](), dict[str, str](), dict[tuple[str, str], str]()
    keys = dict[str, set[str]]()
    for entry in entries:
        match entry.content:
            case Student(key=key, name=name):
                root = merged.of(key)
                keys.setdefault(root, {root}).add(key)
                own[key] = latest[root] = name
            case Alias(student=student, system=system, name=name):
                owner[system, name] = merged.of(student)
    aliases = dict[str, dict[str, tuple[str, ...]]]()
    for (system, name), root in sorted(owner.items()):
        names = aliases.setdefault(root, {})
        names[system] = (*names.get(system, ()), name)
    return {
        root: Person(root, own.get(root, latest[root]), frozenset(keys[root]), aliases.get(root, {}))
        for root in sorted(keys)
    }


@dataclass(frozen=True)
class Groups:
    """Who hands in with whom. `of` has the group of a student for a homework, and under "" for all others."""

    of: Mapping[tuple[str, str], str] = field(default_factory=dict)
    students: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def group(self, student: str, what: str) -> str:
        """The student's group for a homework, or ""."""
        return self.of.get((student, what), self.of.get((student, ""), ""))

    def together(self, student: str, what: str) -> tuple[str, ...]:
        """Everybody who hands this homework in with the student, who is among them."""
        group = self.group(student, what) if self.of else ""
        if not group:
            return (student,)
        return tuple(each for each in self.students[group] if self.group(each, what) == group)

    def partners(self, student: str) -> dict[str, tuple[str, ...]]:
        """The others, by homework; under "" for those homeworks that nobody named."""
        whats = sorted({"", *(what for _, what in self.of)}) if self.of else ()
        found = {what: tuple(each for each in self.together(student, what) if each != student) for what in whats}
        return {what: others for what, others in found.items() if others or found.get("")}


def groups(entries: Iterable[Entry]) -> Groups:
    """The groups in the book. Merged students are one."""
    entries = counting(entries)
    return _groups(entries, roots(entries))


def _groups(counted: Iterable[Entry], merged: Roots) -> Groups:
    of = dict[tuple[str, str], str]()
    for entry in counted:
        if isinstance(entry.content, Membership):
            of[merged.of(entry.content.student), entry.content.what] = entry.content.group
    students = dict[str, set[str]]()
    for (student, _), group in of.items():
        students.setdefault(group, set()).add(student)
    return Groups(of, {group: tuple(sorted(each)) for group, each in students.items()})


@dataclass
class _Scored:
    """One piece of work: its latest score, when it was handed in, and the other pieces that were known before it."""

    score: Score
    before: tuple[_Scored, ...] = ()
    times: tuple[Time, ...] = ()

    def add(self, score: Score) -> None:
        self.score = score
        if score.handed_in is not None:
            self.times = with_time(self.times, Time(score.handed_in, score.timed_by))

    def hand_ins(self) -> Iterator[HandIn]:
        first = [each.times[0].at for each in self.before if each.times]  # one handed in again may have come later
        after = IN_TIME if self.times else max(first, default=IN_TIME)
        for time in self.times or (Time(IN_TIME),):
            yield HandIn(self.score.points, self.score.of, time.at, self.score.source, time.by, after=after)


@dataclass
class _Sheet:
    """What is known of one student so far, and of the group where that hands in together."""

    scored: dict[tuple[str, str, str], _Scored] = field(default_factory=dict)
    project: dict[str, Fraction] = field(default_factory=dict)
    extensions: dict[str, standing.Extension] = field(default_factory=dict)
    excused: dict[str, str] = field(default_factory=dict)
    pending: set[str] = field(default_factory=set)
    sources: dict[str, str] = field(default_factory=dict)
    marked: dict[str, dict[str, Marking]] = field(default_factory=dict)

    def add(self, content: Content, by: str) -> None:
        match content:
            case Score(what=what, group=group) if group == PROJECT:
                self.project[what] = content.points / content.of
                self.sources.pop(what, None)
                if content.source:
                    self.sources[what] = content.source
            case Score(what=what, fingerprint=fingerprint):
                if (what, fingerprint, by) not in self.scored:
                    before = tuple(each for (name, _, _), each in self.scored.items() if name == what)
                    self.scored[what, fingerprint, by] = _Scored(content, before)
                self.scored[what, fingerprint, by].add(content)
                self.pending.discard(what)
            case Pending(what=what):
                self.pending.add(what)
            case Extension(what=what, days=days, reason=reason):
                self.extensions[what] = standing.Extension(days, reason)
            case Excused(what=what, reason=reason):
                self.excused[what] = reason
            case Marked(what=what, question=question):
                self.marked.setdefault(what, {})[question] = content.marking

    def work(self, rubrics: Mapping[str, Rubric], partners: Mapping[str, tuple[str, ...]]) -> Work:
        handed_in = dict[str, list[HandIn]]()
        for (what, _, _), scored in self.scored.items():
            handed_in.setdefault(what, []).extend(scored.hand_ins())
        hand_ins = {what: tuple(sorted(each, key=lambda one: one.order)) for what, each in sorted(handed_in.items())}
        hand = {what: by_hand(rubric, self.marked.get(what, {})) for what, rubric in sorted(rubrics.items())}
        pending = frozenset(self.pending)
        return Work(hand_ins, self.project, self.extensions, self.excused, hand, self.sources, partners, pending)


def works(entries: Iterable[Entry]) -> dict[str, Work]:
    """The work of every student, in one pass. A student without any has an empty one.

    A hand-in or a marking of somebody who hands in with others is that of all of them.
    """
    entries = counting(entries)
    merged = roots(entries)
    together, in_force = _groups(entries, merged), _rubrics(entries)
    sheets = {merged.of(entry.content.key): _Sheet() for entry in entries if isinstance(entry.content, Student)}
    for entry in entries:
        if isinstance(entry.content, Score | Pending | Extension | Excused | Marked):
            by = merged.of(entry.content.student)
            shared = isinstance(entry.content, Marked | Pending) or (
                isinstance(entry.content, Score) and entry.content.group == HOMEWORK
            )
            for student in together.together(by, entry.content.what) if shared else (by,):
                if (sheet := sheets.get(student)) is not None:
                    sheet.add(entry.content, by)
    return {key: sheet.work(in_force, together.partners(key)) for key, sheet in sorted(sheets.items())}


@dataclass(frozen=True, slots=True)
class Given:
    """A marking in the book: for whom it was entered, by whom and when. `entry` is the entry's name."""

    student: str
    question: str
    marking: Marking
    who: str
    at: datetime
    entry: str


def markings(entries: Iterable[Entry], homework: str) -> list[Given]:
    """All markings of a homework that were not withdrawn, in the order of their moments. Merged students are one."""
    entries = counting(entries)
    merged = roots(entries)
    return [
        Given(merged.of(each.content.student), each.content.question, each.content.marking, each.who, each.at, each.id)
        for each in entries
        if isinstance(each.content, Marked) and each.content.what == homework
    ]


def counting_markings(entries: Iterable[Entry], homework: str) -> dict[tuple[str, str], Given]:
    """What counts of a homework's markings, by student and question: the last one, of whoever hands in together."""
    entries = list(entries)
    together = groups(entries)
    return {
        (student, each.question): each
        for each in markings(entries, homework)
        for student in together.together(each.student, homework)
    }


def contents_of(rubric: Rubric) -> list[Content]:
    """A rubric as what is entered of it."""
    what = rubric.homework
    contents: list[Content] = [RubricQuestions(what, tuple(each.id for each in rubric.questions), rubric.by_checks)]
    for each in rubric.questions:
        items = tuple(item.id for item in each.items)
        contents.append(RubricQuestion(what, each.id, each.problem, each.title, each.points, each.floor, items))
        contents += [RubricItem(what, each.id, item.id, item.points, item.text) for item in each.items]
    return contents


def rubrics(entries: Iterable[Entry]) -> dict[str, Rubric]:
    """The rubric of each homework that has one. Items and questions that were left out later are gone."""
    return _rubrics(counting(entries))


def _rubrics(counted: Iterable[Entry]) -> dict[str, Rubric]:
    whole = dict[str, RubricQuestions]()
    questions = dict[tuple[str, str], RubricQuestion]()
    items = dict[tuple[str, str, str], RubricItem]()
    for entry in counted:
        match entry.content:
            case RubricQuestions(what=what):
                whole[what] = entry.content
            case RubricQuestion(what=what, question=question):
                questions[what, question] = entry.content
            case RubricItem(what=what, question=question, item=item):
                items[what, question, item] = entry.content

    def question_of(of: RubricQuestion) -> Question:
        found = [items[key] for name in of.items if (key := (of.what, of.question, name)) in items]
        return Question.model_construct(  # it was checked when it was entered
            id=of.question,
            problem=of.problem,
            title=of.title,
            points=of.points,
            floor=of.floor,
            items=tuple(Item.model_construct(id=each.item, points=each.points, text=each.text) for each in found),
        )

    return {
        what: Rubric.model_construct(
            homework=what,
            questions=tuple(question_of(questions[what, name]) for name in of.questions if (what, name) in questions),
            by_checks=of.by_checks,
        )
        for what, of in whole.items()
    }


def news(before: Iterable[Entry], contents: Sequence[Content], who: str = "") -> list[Content]:
    """Those of these that say something new, in order; `who` enters them.

    An entry says nothing new if the same content counts in its slot already. So the same import may run twice, and
    what was withdrawn, or replaced by something else, may be entered again, also in the import that withdraws it.
    Where an import has several entries for one slot, those at its beginning are known with which the slot's history
    ends. Merged students are one, and in markings so is who hands in together. A marking is also new if another grader
    gave the same: both are in the history. A score is also new if it ends a `Pending`, and that if none is in force.
    """
    before = list(before)
    withdrawals = [number for number, content in enumerate(contents) if isinstance(content, Withdrawn)]
    others = [number for number, content in enumerate(contents) if not isinstance(content, Withdrawn)]
    new = _new(before, contents, withdrawals, who)
    after = [*before, *(Entry(contents[number], "", "", IN_TIME) for number in new)]
    return [contents[number] for number in sorted([*new, *_new(after, contents, others, who)])]


def _new(before: Iterable[Entry], contents: Sequence[Content], numbers: Iterable[int], who: str) -> list[int]:
    counted = counting(before)
    merged = roots(counted)
    together = _groups(counted, merged)

    def place(content: Content) -> tuple[str, ...]:
        """The slot; of a marking that of the whole group, for which the last one counts."""
        if isinstance(content, Marked):
            content = replace(content, student=together.together(content.student, content.what)[0])
        return slot(content)

    def of_homework(content: Score | Pending) -> tuple[str, str]:
        return together.together(merged.of(content.student), content.what)[0], content.what

    pending = dict[tuple[str, str], bool]()
    for entry in counted:
        if isinstance(entry.content, Pending) or (isinstance(entry.content, Score) and entry.content.group == HOMEWORK):
            pending[of_homework(entry.content)] = isinstance(entry.content, Pending)
    stays = {of_homework(each) for each in contents if isinstance(each, Pending)}
    history, own = dict[tuple[str, ...], list[Content]](), dict[tuple[str, ...], Content]()
    for entry in counted:
        content = _of_root(entry.content, merged)
        history.setdefault(place(content), []).append(content)
        if isinstance(content, Marked) and entry.who == who:
            own[place(content)] = content
    coming = dict[tuple[str, ...], list[tuple[int, Content]]]()
    for number in numbers:
        content = _of_root(contents[number], merged)
        of_slot = coming.setdefault(place(content), [])
        if not of_slot or of_slot[-1][1] != content:
            of_slot.append((number, content))
    new = list[int]()
    for where, of_slot in coming.items():
        said = [content for _, content in of_slot]
        past = history.get(where, [])
        known = max(n for n in range(min(len(said), len(past)) + 1) if past[len(past) - n :] == said[:n])
        last = said[-1]
        if isinstance(last, Score | Pending):
            waits = pending.get(of_homework(last), False)
            ends = isinstance(last, Score) and waits and of_homework(last) not in stays
            begins = isinstance(last, Pending) and not waits
            known = 0 if ends or begins else known
        if where[0] == "marked" and past and own.get(where) != past[-1]:
            known = 0  # somebody else said it
        new += [number for number, _ in of_slot[known:]]
    return new


def _of_root(content: Content, merged: Roots) -> Content:
    if isinstance(content, Student | Merge | Withdrawn | OfRubric):
        return content
    return replace(content, student=merged.of(content.student))


def _named(value: object, *names: str) -> None:
    _written(value, *names, longest=LONGEST_NAME)
    for name in names:
        if not getattr(value, name).strip():
            raise ValueError(f"{name} is empty")


def _written(value: object, *names: str, longest: int = LONGEST_TEXT) -> None:
    """Checks texts, and writes each in one spelling: macOS and Windows spell "é" in two ways."""
    for name in names:
        text = getattr(value, name)
        if not isinstance(text, str):
            raise ValueError(f"{name} is text, not {text!r}")
        if len(text) > longest:
            raise ValueError(f"{name} is longer than {longest} characters")
        if NO_TEXT.search(text):
            raise ValueError(f"{name} has a character that is no text: {text!r}")
        if not text.isascii():
            object.__setattr__(value, name, unicodedata.normalize("NFC", text))


def _words(value: object, name: str) -> None:
    """Checks ids, which are kept in one text with spaces between them."""
    words = getattr(value, name)
    if not isinstance(words, tuple) or not all(isinstance(word, str) and WORD.fullmatch(word) for word in words):
        raise ValueError(f"{name} are ids without spaces, not {words!r}")


def _exact(value: object, *names: str) -> None:
    for name in names:
        points = getattr(value, name)
        if not isinstance(points, (Fraction, int)) or isinstance(points, bool):
            raise ValueError(f"{name} is a fraction: Fraction('7.5'), not {points!r}")
        if not isinstance(points, Fraction):
            object.__setattr__(value, name, Fraction(points))


def _moment(at: datetime, name: str) -> datetime:
    if at.tzinfo is None or at.utcoffset() is None:
        raise ValueError(f"{name} needs an offset or a zone: {at}")
    return at.astimezone(UTC)
