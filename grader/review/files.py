"""The files that one student handed in, whatever form a platform gave them: folders, archives, loose files.

Files are known by their paths in the submission, and read through intake: no link is followed, nothing is unpacked to
disk, and nothing else can be named.
"""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import unquote, urlsplit

from grader.intake import Asked, ClassFolder, IntakeLimits, archives, folders, names
from grader.intake.companions import whose
from grader.intake.content import sniffed
from grader.intake.entry import Entry
from grader.intake.names import shown
from grader.intake.platforms import labels, renamed
from grader.intake.submission import Allowance, Refused
from grader.intake.tree import Item, Kind

LIMITS = IntakeLimits()
MOST_FILES = 1_000  # of one student; more are told and left out
LARGEST = 50_000_000  # bytes of one file that is shown


@dataclass(frozen=True)
class Files:
    """Files by their paths, with "/" between folders, and what to tell of them."""

    items: Mapping[str, Item]
    notes: tuple[str, ...] = ()

    def read(self, path: str) -> bytes:
        """The content of a file. Raises `Refused` for links, devices, and what is too large."""
        item = self.items[path]
        if item.kind is Kind.LINK:
            raise Refused(f"{shown(path)} is a link. Nothing outside the submission is read.")
        data = item.read(LARGEST)
        if len(data) > LARGEST:
            raise Refused(f"{shown(path)} is larger than {LARGEST:,} bytes.")
        return data


def files_of(entry: Entry, found: ClassFolder, asked: Asked) -> Files:
    """All files of a submission. What cannot be opened is told in `notes`."""
    items, notes = dict[str, Item](), list[str]()
    allowance = Allowance.of(LIMITS)
    for name, path in sources(entry, found, asked):
        try:
            for item in _opened(name, path, allowance, notes):
                if item.path in items:
                    notes.append(f"{shown(item.path)} was handed in twice: the later one is shown")
                items[item.path] = item
                if len(items) >= MOST_FILES:
                    notes.append(f"only the first {MOST_FILES:,} files were looked at")
                    return Files(items, tuple(notes))
        except (Refused, OSError) as error:
            notes.append(str(error))
    return Files(items, tuple(notes))


def sources(entry: Entry, found: ClassFolder, asked: Asked) -> list[tuple[str, Path]]:
    """Where the files of a submission lie: the student's own name of each, or "" for what has to be opened."""
    there = {path.name: path for path in _listed(found.folder)}
    told = labels({name: path.is_dir() and not path.is_symlink() for name, path in there.items()})
    earlier = {each.file for each in found.passed_over if each.why.startswith("an earlier")}
    own = [
        (label.upload, name, label)
        for name, label in told.items()
        if names.safe_name(label.who) == entry.name and name not in earlier and not label.own
    ]
    if own:
        several = sorted(own, key=lambda each: (each[0], each[1] != entry.path.name))
        return [(renamed(label.file) if label.file else "", there[name]) for _, name, label in several]
    beside = [name for name, owner in owners(found, asked).items() if owner == entry.name and name not in earlier]
    if entry.files:
        return [*((name, Path(path)) for name, path in entry.files.items()), *((name, there[name]) for name in beside)]
    return [("", entry.path), *((name, there[name]) for name in beside if name in there)]


def owners(found: ClassFolder, asked: Asked) -> dict[str, str]:
    """Whose the files are that intake passed over, because they hold no code: "" where nobody can tell."""
    students = {names.folded(entry.name): entry.name for entry in found.entries}
    return {each.file: each.student or whose(each.file, students, asked) for each in found.passed_over}


def resolved(reference: str, folder: str, there: Mapping[str, object] | Sequence[str]) -> str | None:
    """The path of the file that a text in `folder` refers to, of those that are `there`; None for all others.

    A file that lies elsewhere in the submission is found by its name, since platforms change folders.
    """
    if reference in there:
        return reference
    try:
        parts = urlsplit(reference)
    except ValueError:
        return None
    if parts.netloc or len(parts.scheme) > 1:  # one letter is a drive of Windows
        return None
    path = unquote(reference.split("#")[0].split("?")[0]).replace("\\", "/")
    joined = posixpath.normpath(posixpath.join(folder, path)) if not path.startswith("/") else path
    if joined in there:
        return joined
    folded = names.folded(posixpath.basename(path))
    same = [each for each in there if names.folded(posixpath.basename(each)) == folded]
    return same[0] if folded and len(same) == 1 else None


def _listed(folder: Path) -> list[Path]:
    try:
        with os.scandir(folder) as found:
            return sorted(Path(each.path) for each in found if not names.is_skipped(each.name))
    except OSError:
        return []


def _opened(name: str, path: Path, allowance: Allowance, notes: list[str]) -> Iterator[Item]:
    kind = folders.kind_of(os.lstat(path).st_mode)
    if kind is Kind.LINK:
        raise Refused(f"{shown(path.name)} is a link. Nothing outside the submission is read.")
    if kind is Kind.FOLDER:
        yield from _with_archives(folders.levels(path, LIMITS), allowance, notes, depth=0)
    elif kind is Kind.FILE:
        item = Item(name or path.name, Kind.FILE, lambda limit: folders.read_file(path, limit))
        yield from _with_archives(iter([[item]]), allowance, notes, depth=0)


def _with_archives(levels: Iterator[list[Item]], allowance: Allowance, notes: list[str], depth: int) -> Iterator[Item]:
    """The files of a tree, and in place of archives the files in them."""
    for level in levels:
        for item in level:
            if item.kind is Kind.FOLDER:
                continue
            if item.kind is Kind.FILE and item.name.lower().endswith(names.ARCHIVE_SUFFIXES):
                try:
                    yield from _in_archive(item, allowance, notes, depth)
                except Refused as refused:
                    notes.append(str(refused))
            else:
                yield item


def _in_archive(item: Item, allowance: Allowance, notes: list[str], depth: int) -> Iterator[Item]:
    file = shown(item.name)
    if depth >= LIMITS.packed_depth or allowance.archives <= 0:
        raise Refused(f"{file} was not opened: there are too many archives in this submission")
    allowance.archives -= 1
    data = item.read(LIMITS.archive_bytes)
    if len(data) > LIMITS.archive_bytes:
        raise Refused(f"{file} is larger than {LIMITS.archive_bytes:,} bytes, and was not opened")
    kind = sniffed(data) or ("tar" if item.name.lower().endswith(".tar") else "")
    if kind not in archives.READABLE:
        raise Refused(f"{file} is not an archive, although its name says so")
    folder = item.path.rpartition("/")[0]
    for inner in _with_archives(archives.levels(data, kind, file, LIMITS, allowance), allowance, notes, depth + 1):
        yield replace(inner, path=f"{folder}/{inner.path}" if folder else inner.path)
