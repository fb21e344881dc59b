"""A submission as a tree of named items, wherever it comes from, and what to tell about them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from grader.intake import names
from grader.intake.names import shown
from grader.intake.submission import IntakeLimits, Refused
from grader.intake.wanted import Wanted

# How notes about files beside the work begin: of the handed-out folder they say nothing new.
UNUSED, SHADOWING = "other files and folders, not used: ", "not used, although named like modules"
BESIDE = (UNUSED, SHADOWING)


class Kind(Enum):
    FILE = "file"
    FOLDER = "folder"
    LINK = "link"
    SPECIAL = "special"  # a device, a pipe or a socket


@dataclass(frozen=True)
class Item:
    """One name in a submission. `read(limit)` gives at most `limit` + 1 bytes of a file, or raises `Refused`."""

    path: str  # below the submission, with "/"
    kind: Kind
    read: Callable[[int], bytes]

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2]

    @property
    def depth(self) -> int:
        return self.path.count("/")


# The items one folder deep, then those two deep, and so on: only as far as somebody asks.
Levels = Iterator[list[Item]]


def contents(name: str, item: Item, limit: int, advice: str) -> bytes:
    """The bytes of a chosen file. Raises `Refused` when it is not an ordinary file of ordinary size."""
    if item.kind is Kind.LINK:
        raise Refused(f"{shown(item.path)} is a link, not a file. Hand in the file itself.")
    if item.kind is not Kind.FILE:
        raise Refused(
            f"{shown(item.path)} is a device, pipe, socket or sparse file. Hand in {name} as an ordinary file."
        )
    data = item.read(limit)
    if len(data) > limit:
        raise Refused(f"{shown(item.path)} is larger than {limit:,} bytes. {advice}")
    return data


def remarks(used: Mapping[str, Item], told: list[Item], items: list[Item], limits: IntakeLimits) -> list[str]:
    """What to tell about the files that were found elsewhere than expected, and about those that are not used.

    `used` are the files that count, by the names asked for; of those in `told` something has been said already.
    """
    notes = [
        f"{name} was found in the folder {shown(item.path.rpartition('/')[0])}"
        for name, item in used.items()
        if "/" in item.path
    ]
    known = {id(item) for item in (*used.values(), *told)}
    others = [item for item in items if id(item) not in known]
    shadowing = [item for item in others if names.shadows(item.name, folder=item.kind is Kind.FOLDER)]
    if shadowing:
        notes.append(f"{SHADOWING} that Python or the grader imports: {_paths(shadowing, limits)}")
    parents = {item.path.rpartition("/")[0] for item in used.values()}
    on_the_way = {parent[:end] for parent in parents for end in (*_slashes(parent), len(parent))}
    silent = on_the_way.union(item.path for item in shadowing)
    rest = [item for item in others if item.path not in silent]
    if rest:
        notes.append(f"{UNUSED}{_paths(rest, limits)}")
    return notes


def _slashes(path: str) -> list[int]:
    return [position for position, char in enumerate(path) if char == "/"]


def _paths(items: list[Item], limits: IntakeLimits) -> str:
    return names.listed([item.path + ("/" if item.kind is Kind.FOLDER else "") for item in items], limits.notes)


def ambiguous(name: str, twins: Sequence[Item], limits: IntakeLimits) -> str:
    """What to tell when several files could each be the one that is asked for."""
    paths = sorted(item.path for item in twins)
    if len(set(paths)) == 1:
        twice = f"the submission contains {shown(paths[0])} {len(paths)} times"
        return f"{twice}. Make the archive again, with one {name} in it."
    found = names.listed(paths, limits.notes)
    return (
        f"it is not clear which file is {name}: found {found}, which differ. "
        f"Keep the one that counts, call it {name}, and remove the other."
    )


def absent(name: str, others: Sequence[Item], there: Sequence[str], wanted: Wanted, limits: IntakeLimits) -> str:
    """What the student should do about a file that is not there, in view of what is: `others`, and modules `there`."""
    files = [item.path for item in others if item.kind is not Kind.FOLDER]
    near = [path for path in files if names.is_near_miss(path.rpartition("/")[2], name)]
    foreign = {path: homework for path in files if (homework := wanted.of_another(path.rpartition("/")[2], set()))}
    either = f"{name}, or {wanted.notebook}" if wanted.notebook else name
    for paths, advice in (
        (
            [path for path in near if not path.lower().endswith((".ipynb", ".pyc"))],
            f": rename it to {name} (exactly so) and hand it in again.",
        ),
        (_with(near, ".ipynb"), f", a notebook. Export it as Python code and hand that in as {name}."),
        (_with(near, ".pyc"), f", which is compiled. Hand in the source, {name}."),
        (list(foreign), f", which is of {', '.join(sorted(set(foreign.values())))}. Hand in {either}."),
        (_with(files, ".py"), f". If one of these is your work, name it {name} and hand it in again."),
        (_with(files, *names.ARCHIVE_SUFFIXES), f", which is packed too often. Hand in {name} itself."),
        (
            _with(files, *names.FOREIGN_ARCHIVE_SUFFIXES),
            f", an archive of a kind that is not accepted. Hand in {name} itself.",
        ),
        ([] if there else files, f", and nothing like it. Hand in {either}."),
    ):
        if paths:
            return f"{name} is missing: found {names.listed(paths, limits.notes)}{advice}"
    if there:
        return f"{name} is missing. Hand it in beside {names.listed(list(there), 9)}."
    if others:
        found = names.listed([f"{item.path}/" for item in others], limits.notes)
        return (
            f"{name} is missing: found folders, {found}, and no file that counts in them: not those that begin with a "
            f"dot, nor more than {limits.depth} folders deep. Hand in {either}."
        )
    return f"{name} is missing: the submission holds no files, or only hidden ones. Hand in {either}."


def _with(paths: list[str], *suffixes: str) -> list[str]:
    return [path for path in paths if path.lower().endswith(suffixes)]
