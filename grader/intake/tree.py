"""A submission as a tree of named items, wherever it comes from, and the choice of the modules in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from grader.intake import names
from grader.intake.names import shown
from grader.intake.submission import IntakeLimits, Refused


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


# The items one folder deep, then those two deep, and so on: only as far as somebody asks.
Levels = Iterator[list[Item]]


@dataclass(frozen=True)
class Choice:
    """The files that were asked for, and what else was met on the way to them."""

    files: dict[str, Item]
    others: list[Item]


def choose(levels: Levels, wanted: Sequence[str], limits: IntakeLimits) -> Choice:
    """For every wanted file the one at the shallowest depth. Raises `Refused` when one is missing or there are two."""
    files: dict[str, Item] = {}
    others: list[Item] = []
    missing, considered = list(wanted), 0
    for level in levels:
        considered += len(level)
        if considered > limits.entries:
            raise Refused(
                f"the submission holds more than {limits.entries:,} files and folders. "
                f"Hand in only {names.listed(list(wanted), 9)}, without data, environments and other projects."
            )
        folds = [names.folded(item.name) if item.kind is not Kind.FOLDER else "" for item in level]
        chosen: set[int] = set()
        for name in list(missing):
            twins = [item for item, fold in zip(level, folds, strict=True) if fold == names.folded(name)]
            if len(twins) > 1:
                raise Refused(_ambiguous(name, twins, limits))
            if twins and names.same(twins[0].name, name):
                files[name] = twins[0]
                chosen.add(id(twins[0]))
            if twins:
                missing.remove(
                    name
                )  # a twin of other spelling ends the search too: what lies deeper is not what was meant
        others += [item for item in level if id(item) not in chosen]
        if not missing:
            break
    absent = [name for name in wanted if name not in files]
    if absent:
        raise Refused(" ".join(_absent(name, others, limits) for name in absent))
    return Choice(files, others)


def contents(name: str, item: Item, limits: IntakeLimits) -> bytes:
    """The bytes of a chosen file. Raises `Refused` when it is not an ordinary file of ordinary size."""
    if item.kind is Kind.LINK:
        raise Refused(f"{shown(item.path)} is a link, not a file. Hand in the file itself.")
    if item.kind is not Kind.FILE:
        raise Refused(
            f"{shown(item.path)} is a device, pipe, socket or sparse file. Hand in {name} as an ordinary file."
        )
    data = item.read(limits.source_bytes)
    if len(data) > limits.source_bytes:
        raise Refused(
            f"{shown(item.path)} is larger than {limits.source_bytes:,} bytes. Hand in source code only, without data."
        )
    return data


def remarks(choice: Choice, limits: IntakeLimits) -> list[str]:
    """What to tell about the files that were found elsewhere than expected, and about those that are not used."""
    notes = [
        f"{name} was found in the folder {shown(item.path.rpartition('/')[0])}"
        for name, item in choice.files.items()
        if "/" in item.path
    ]
    shadowing = [item for item in choice.others if names.shadows(item.name, folder=item.kind is Kind.FOLDER)]
    if shadowing:
        notes.append(
            f"not used, although named like modules that Python or the grader imports: {_paths(shadowing, limits)}"
        )
    parents = {item.path.rpartition("/")[0] for item in choice.files.values()}
    on_the_way = {parent[:end] for parent in parents for end in (*_slashes(parent), len(parent))}
    told = on_the_way.union(item.path for item in shadowing)
    rest = [item for item in choice.others if item.path not in told]
    if rest:
        notes.append(f"other files and folders, not used: {_paths(rest, limits)}")
    return notes


def _slashes(path: str) -> list[int]:
    return [position for position, char in enumerate(path) if char == "/"]


def _paths(items: list[Item], limits: IntakeLimits) -> str:
    return names.listed([item.path + ("/" if item.kind is Kind.FOLDER else "") for item in items], limits.notes)


def _ambiguous(name: str, twins: list[Item], limits: IntakeLimits) -> str:
    paths = sorted(item.path for item in twins)
    if len(set(paths)) == 1:
        twice = f"the submission contains {shown(paths[0])} {len(paths)} times"
        return f"{twice}. Make the archive again, with one {name} in it."
    found = names.listed(paths, limits.notes)
    return f"it is not clear which file is {name}: found {found}. Keep the one that counts and remove the other."


def _absent(name: str, others: list[Item], limits: IntakeLimits) -> str:
    """What the student should do about a file that is not there, in view of what is."""
    files = [item.path for item in others if item.kind is not Kind.FOLDER]
    near = [path for path in files if names.is_near_miss(path.rpartition("/")[2], name)]
    renaming = f": rename it to {name} (exactly so) and hand it in again."
    for paths, advice in (
        ([path for path in near if not path.lower().endswith((".ipynb", ".pyc"))], renaming),
        (_with(near, ".ipynb"), f", a notebook. Export it as Python code and hand that in as {name}."),
        (_with(near, ".pyc"), f", which is compiled. Hand in the source, {name}."),
        (_with(files, ".py"), f". If one of these is your work, name it {name} and hand it in again."),
        (
            _with(files, *names.ARCHIVE_SUFFIXES, *names.FOREIGN_ARCHIVE_SUFFIXES),
            f", but archives within a submission are not opened. Hand in {name} itself.",
        ),
        (files, f", and nothing like it. Hand in {name}."),
    ):
        if paths:
            return f"{name} is missing: found {names.listed(paths, limits.notes)}{advice}"
    return f"{name} is missing: the submission holds no files. Hand in {name}."


def _with(paths: list[str], *suffixes: str) -> list[str]:
    return [path for path in paths if path.lower().endswith(suffixes)]
