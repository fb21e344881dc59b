"""Whose a submission is: names of a system against the roster. Pure functions, and nothing is guessed.

A name is first looked for as it is, then as results write it (`safe_name`), then without what people write differently
(case, accents, spaces, "Last, First"), then by what a platform puts into it:

    Ada Lovelace_1234              Moodle: the name, and a number of this one homework
    lovelaceada_10001              Canvas: the name in one word, and the number of the user
    12345-67890 - Ada Lovelace     Brightspace: two numbers, and the name
    hw0-ada-l                      GitHub Classroom: what all repositories begin with, and the user

The first of these that finds anybody decides. Where it finds two people, nobody is taken.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import takewhile

from grader.book.roster import KEY, NAME, Person, Roster
from grader.intake.names import safe_name

MOST_SUGGESTED, LEAST_ALIKE = 3, 0.5
MOST_LOOKED_AT = 20_000  # more only in courses of thousands
CONSIDERED = 30  # spellings that share most pairs of letters with a name: among these the nearest are looked for

_NUMBERED = re.compile(r"(?P<name>.+)_(?P<number>\d+)", re.DOTALL)
_BRIGHTSPACE = re.compile(r"\d+-\d+ - (?P<name>.+)", re.DOTALL)


@dataclass(frozen=True)
class Suggestion:
    """Somebody who may be meant. `spelling` is what the roster has, and `alike` is 1 where a rule found several."""

    key: str
    spelling: str
    alike: float


@dataclass(frozen=True)
class Matched:
    """Each name is in one of these: `found` (name -> key), `unknown` (name -> who may be), `twice` (key -> its names).

    `how` says of names in `found` and `twice` how they were matched, where they are not what the roster has.
    """

    found: Mapping[str, str]
    unknown: Mapping[str, tuple[Suggestion, ...]]
    twice: Mapping[str, tuple[str, ...]]
    how: Mapping[str, str]


def match(names: Iterable[str], roster: Roster, system: str) -> Matched:
    """Finds who is called so in `system`: a column of the roster, or "key" or "name". The order does not matter.

    Two names of one person are both in `twice`: which one counts is not ours to say. Raises `CourseError` when the
    roster does not have the system.
    """
    index = _Index(roster, roster.system(system))
    found, how = dict[str, str](), dict[str, str]()
    unknown: dict[str, tuple[Suggestion, ...]] = {}
    several = sorted(set(names))
    rest = _after_what_all_begin_with(several, index)
    for name in several:
        rule, people = index.whose(name)
        if not people and name in rest:
            rule, people = "as its repository is called", index.whose(rest[name])[1]
        if len(people) == 1:
            found[name] = people[0].key
            if rule:
                how[name] = rule
        else:
            unknown[name] = tuple(index.several(people) if people else index.nearest(name))
    often = {key for key, count in Counter(found.values()).items() if count > 1}
    twice = {key: tuple(name for name, whose in found.items() if whose == key) for key in sorted(often)}
    return Matched({name: key for name, key in found.items() if key not in often}, unknown, twice, how)


def _after_what_all_begin_with(names: Sequence[str], index: _Index) -> Mapping[str, str]:
    """What follows in each name what all of them begin with, up to the same hyphen: the users of GitHub's repositories.

    Of several hyphens the one is taken after which most names are somebody's, and of equals the first.
    """
    same = takewhile(lambda pair: pair[0] == pair[1], zip(names[0], names[-1], strict=False)) if len(names) > 1 else ()
    ends = [i + 1 for i, (char, _) in enumerate(same) if char == "-"]  # the first and the last in order: so do all
    found = [(sum(len(index.whose(name[end:])[1]) == 1 for name in names), -end) for end in ends]
    most, end = max(found, default=(0, 0))
    return {name: name[-end:] for name in names} if most else {}


def plain(name: str) -> str:
    """A name without what people write differently: case, accents, spaces, and "Last, First" for "First Last"."""
    last, comma, first = unicodedata.normalize("NFKC", name).partition(",")
    turned = f"{first} {last}" if comma and first.strip() and "," not in first else name
    return " ".join(_without_accents(turned).split())


def _without_accents(text: str) -> str:
    """Of letters alone: twice, because of letters that only fall apart, or get an accent, in lower case."""
    for _ in range(2):
        apart = unicodedata.normalize("NFKD", text)
        text = "".join(char for char in apart if unicodedata.category(char) not in ("Mn", "Cf")).casefold()
    return unicodedata.normalize("NFKC", text)


def _in_one_word(name: str) -> str:
    return "".join(char for char in _without_accents(name) if char.isalnum())


def _as_platforms_write(name: str) -> Iterator[str]:
    """What may be the student's name in the name that a platform gave."""
    if numbered := _NUMBERED.fullmatch(name):
        yield f"name {plain(numbered['name'])}"
        word = numbered["name"]
        if word.isalnum() and word == word.lower():  # Canvas: only there the number is the user's everywhere
            yield f"word {_in_one_word(word)}"
            yield f"number {numbered['number']}"
    elif brightspace := _BRIGHTSPACE.fullmatch(name):
        yield f"name {plain(brightspace['name'])}"


def _as_platforms_know(name: str) -> Iterator[str]:
    """What a platform may write for a name in the roster: Canvas's names are `lovelaceada`, of "Lovelace, Ada"."""
    if name.isdecimal() and name.isascii():
        yield f"number {name}"
    else:
        yield f"name {plain(name)}"
        yield f"word {_in_one_word(name)}"
    last, comma, first = name.partition(",")
    if not comma and " " in name.strip():
        first, _, last = name.strip().rpartition(" ")
    yield f"word {_in_one_word(f'{last}{first}')}"


Forms = Callable[[str], Iterable[str]]
# What it is called, what is looked for, and by what a name in the roster is found.
_RULES: tuple[tuple[str, Forms, Forms], ...] = (
    ("", lambda name: [name], lambda name: [name]),
    ("as results write it", lambda name: [name], lambda name: [safe_name(name)]),
    ("but for case, accents, spaces or order", lambda name: [plain(name)], lambda name: [plain(name)]),
    ("as its platform writes it", _as_platforms_write, _as_platforms_know),
)


class _Index:
    """The people of a roster by what they are called in one system."""

    def __init__(self, roster: Roster, system: str) -> None:
        self._roster, self._system = roster, system
        self._people: list[dict[str, list[Person]]] = [{} for _ in _RULES]
        for person in roster.people:
            for (_, _, known), people in zip(_RULES, self._people, strict=True):
                called = (person.called(system), *(person.merged if system == KEY else ()))
                for form in {form for name in called if name for form in known(name)}:
                    if system in (KEY, NAME) and form.startswith("number "):
                        continue  # a key is our own: the 2 of `group_2` is nobody's
                    people.setdefault(form, []).append(person)

    def whose(self, name: str) -> tuple[str, list[Person]]:
        """The rule that found somebody, and whom."""
        for (rule, forms, _), people in zip(_RULES, self._people, strict=True):
            found = {person.key: person for form in forms(name) if _says(form) for person in people.get(form, ())}
            if found:
                return rule, list(found.values())
        return "", []

    def several(self, people: Iterable[Person]) -> Iterator[Suggestion]:
        """All whom one rule found."""
        for person in sorted(people, key=lambda person: person.key):
            yield Suggestion(person.key, person.called(self._system), 1.0)

    def nearest(self, name: str) -> list[Suggestion]:
        """The people whose names in this system, keys or names are most like a name; nobody who is not like it."""
        looked_for = _in_one_word(re.sub(r"_\d+$", "", name)) or _in_one_word(name)
        shared: Counter[int] = Counter()
        for having in sorted((self._by_pair.get(pair, []) for pair in _pairs(looked_for)), key=len):
            if shared.total() + len(having) > MOST_LOOKED_AT:  # what so many have tells little
                break
            shared.update(having)
        best: dict[str, Suggestion] = {}
        for i, _ in shared.most_common(CONSIDERED):
            person, spelling = self._spellings[i]
            alike = difflib.SequenceMatcher(None, _in_one_word(spelling), looked_for).ratio()
            if alike >= LEAST_ALIKE and (person.key not in best or alike > best[person.key].alike):
                best[person.key] = Suggestion(person.key, spelling, round(alike, 3))
        return sorted(best.values(), key=lambda each: (-each.alike, each.key))[:MOST_SUGGESTED]

    @cached_property
    def _spellings(self) -> list[tuple[Person, str]]:
        """Whatever a person is called: here, and by key and name, in either order."""
        found = list[tuple[Person, str]]()
        for person in self._roster.people:
            called = {person.called(self._system), person.called(KEY), person.called(NAME), plain(person.name)}
            first, _, last = plain(person.name).rpartition(" ")
            found += [(person, spelling) for spelling in sorted({*called, f"{last} {first}".strip()}) if spelling]
        return found

    @cached_property
    def _by_pair(self) -> Mapping[str, list[int]]:
        found: dict[str, list[int]] = {}
        for i, (_, spelling) in enumerate(self._spellings):
            for pair in _pairs(_in_one_word(spelling)):
                found.setdefault(pair, []).append(i)
        return found


def _says(form: str) -> bool:
    """Whether anything is left of a name: two names of which nothing is left are not the same."""
    return bool(form.removeprefix("name ").removeprefix("word ").removeprefix("number ").strip())


def _pairs(word: str) -> set[str]:
    """Its pairs of neighbours, and its first and last letter."""
    padded = f" {word} "
    return {padded[i : i + 2] for i in range(len(padded) - 1)} if word else set()
