"""A submission as a tree of named items, wherever it comes from, and the choice of modules and notebook in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
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


# The items one folder deep, then those two deep, and so on: only as far as somebody asks.
Levels = Iterator[list[Item]]


@dataclass(frozen=True)
class Choice:
    """The files that were asked for, and what else was met on the way to them."""

    modules: dict[str, Item]
    lacking: Mapping[str, str]  # what to tell about modules that are not there
    notebooks: list[Item]  # those called as the one asked for; without any, all notebooks
    items: list[Item]  # everything

    @property
    def absent(self) -> str:
        """What to tell about all that is not there; "" when nothing is missing."""
        return " ".join(self.lacking.values())


def choose(levels: Levels, wanted: Wanted, limits: IntakeLimits) -> Choice:
    """For every wanted file the one at the shallowest depth. Raises `Refused` when it is not clear which that is.

    The search ends at the depth where all modules, or the notebook of that name, have been met.
    """
    files: dict[str, Item] = {}
    items: list[Item] = []
    named: list[Item] = []
    missing, considered = list(wanted.modules), 0
    for level in levels:
        considered += len(level)
        if considered > limits.entries:
            raise Refused(
                f"the submission holds more than {limits.entries:,} files and folders. "
                f"Hand in only {wanted.asked}, without data, environments and other projects."
            )
        folds = [names.folded(item.name) if item.kind is not Kind.FOLDER else "" for item in level]
        for name in list(missing):
            twins = [item for item, fold in zip(level, folds, strict=True) if fold == names.folded(name)]
            if len(twins) > 1:
                raise Refused(ambiguous(name, twins, limits))
            if twins and names.same(twins[0].name, name):
                files[name] = twins[0]
            if twins:
                missing.remove(
                    name
                )  # a twin of other spelling ends the search too: what lies deeper is not what was meant
        items += level
        if wanted.notebook:
            named = [item for item, fold in zip(level, folds, strict=True) if fold == names.folded(wanted.notebook)]
        if not missing or named:
            break
    chosen = {id(item) for item in files.values()}
    others = [item for item in items if id(item) not in chosen]
    lacking = {name: _absent(name, others, list(files), wanted, limits) for name in wanted.modules if name not in files}
    loose = [item for item in others if item.kind is not Kind.FOLDER and names.is_notebook(item.name)]
    notebooks = (named or loose) if wanted.notebook else []
    return Choice(files, lacking, notebooks, items)


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


def ambiguous(name: str, twins: list[Item], limits: IntakeLimits) -> str:
    """What to tell when several files could each be the one that is asked for."""
    paths = sorted(item.path for item in twins)
    if len(set(paths)) == 1:
        twice = f"the submission contains {shown(paths[0])} {len(paths)} times"
        return f"{twice}. Make the archive again, with one {name} in it."
    found = names.listed(paths, limits.notes)
    return f"it is not clear which file is {name}: found {found}. Keep the one that counts and remove the other."


def _absent(name: str, others: list[Item], there: list[str], wanted: Wanted, limits: IntakeLimits) -> str:
    """What the student should do about a file that is not there, in view of what is: `others`, and modules `there`."""
    files = [item.path for item in others if item.kind is not Kind.FOLDER]
    near = [path for path in files if names.is_near_miss(path.rpartition("/")[2], name)]
    either = f"{name}, or {wanted.notebook}" if wanted.notebook else name
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
        ([] if there else files, f", and nothing like it. Hand in {either}."),
    ):
        if paths:
            return f"{name} is missing: found {names.listed(paths, limits.notes)}{advice}"
    if there:
        return f"{name} is missing. Hand it in beside {names.listed(there, 9)}."
    return f"{name} is missing: the submission holds no files. Hand in {either}."


def _with(paths: list[str], *suffixes: str) -> list[str]:
    return [path for path in paths if path.lower().endswith(suffixes)]
