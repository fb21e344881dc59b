"""Whose each line of a platform's table is: by numbers and logins, and else by name. Pure functions.

Numbers and logins decide. The name is asked where none of them is known, and never brings a second line to someone.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from grader.book.matching import match
from grader.book.roster import NAME, Roster
from grader.book.tables import shown


@dataclass(frozen=True)
class Line:
    """A line of a table. `sure` are the keys of those whose numbers or logins stand in it, and `name` is the name."""

    number: int
    name: str
    sure: frozenset[str]


@dataclass(frozen=True)
class Whose:
    """The key of each line that is clear (line -> key), and of the others why it is not (line -> why).

    Lines of nobody in the roster are in neither.
    """

    keys: Mapping[int, str]
    doubtful: Mapping[int, str]


def whose(lines: Sequence[Line], roster: Roster, systems: Iterable[str]) -> Whose:
    """Finds the students of all lines at once. `systems` are the columns of the roster in which names are looked for,
    one after the other; "name" always comes last."""
    found, doubtful, claimed = _by_numbers(lines)
    of_key: dict[str, list[int]] = {}
    for line, key in found.items():
        of_key.setdefault(key, []).append(line)
    others = [each for each in lines if each.number not in found and each.number not in doubtful]
    for system in dict.fromkeys((*systems, NAME)):
        left = [each for each in others if each.name]
        for line, key in _by_name(left, roster, system).items():
            if key in claimed:
                doubtful[line] = f"has the name of {shown(key)}, whose number or login is in line {claimed[key]}"
            else:
                of_key.setdefault(key, []).append(line)
        named = {*doubtful, *(line for several in of_key.values() for line in several)}
        others = [each for each in left if each.number not in named]
    for key, several in of_key.items():
        if len(several) > 1:
            places = ", ".join(map(str, several))
            doubtful |= dict.fromkeys(several, f"lines {places} would all be of {shown(key)}")
    return Whose({several[0]: key for key, several in of_key.items() if len(several) == 1}, doubtful)


def _by_numbers(lines: Sequence[Line]) -> tuple[dict[int, str], dict[int, str], dict[str, int]]:
    """Whose lines are by numbers and logins, which may be several people's, and the first line of each of these."""
    found: dict[int, str] = {}
    doubtful: dict[int, str] = {}
    claimed: dict[str, int] = {}
    for line in lines:
        for key in line.sure:
            claimed.setdefault(key, line.number)
        if len(line.sure) > 1:
            several = " and ".join(map(shown, sorted(line.sure)))
            doubtful[line.number] = f"its numbers and logins are those of {several}"
        elif line.sure:
            (found[line.number],) = line.sure
    return found, doubtful, claimed


def _by_name(lines: Collection[Line], roster: Roster, system: str) -> dict[int, str]:
    matched = match({line.name for line in lines}, roster, system)
    keys = {**matched.found, **{name: key for key, names in matched.twice.items() for name in names}}
    return {line.number: keys[line.name] for line in lines if line.name in keys}
