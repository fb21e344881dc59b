"""A name of its own for each entry of a class: two that share one would have one result between them."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Collection, Sequence
from dataclasses import replace

from grader.intake import names
from grader.intake.entry import Entry


def distinct(entries: Sequence[Entry]) -> list[Entry]:
    """The same entries, each with a name that no file system or reader takes for another's.

    The first of those that share a name keeps it, and one that is called exactly so is first. Any other is called as
    its file is, or by a digest of the file's name where that says no more. All of them say who else is called so.
    """
    sharing: dict[str, list[Entry]] = {}
    for entry in entries:
        sharing.setdefault(names.folded(entry.name), []).append(entry)
    taken, named = set(sharing), list[Entry]()
    for group in sharing.values():
        first, *rest = sorted(group, key=lambda entry: (entry.path.name != entry.name, entry.path.name))
        given = [first.name, *(_another(entry, taken) for entry in rest)]
        for entry, name in zip((first, *rest), given, strict=True):
            remarks = (*entry.remarks, *_said(entry, group)) if rest else entry.remarks
            named.append(replace(entry, name=name, remarks=remarks))
    return sorted(named, key=lambda entry: (entry.name, entry.path.name))


def as_before(entries: Sequence[Entry], known: Collection[str]) -> list[Entry]:
    """The same entries; one that has a result by a name of its own keeps this name, also when its namesake is absent.

    `known` are the names of results.
    """
    taken = {names.folded(entry.name) for entry in entries}
    named = list[Entry]()
    for entry in entries:
        own = (name for name in _others(entry) if name in known and names.folded(name) not in taken)
        named.append(replace(entry, name=next(own, entry.name)))
    return named


def _another(entry: Entry, taken: set[str]) -> str:
    name = next(name for name in _others(entry) if names.folded(name) not in taken)
    taken.add(names.folded(name))
    return name


def _others(entry: Entry) -> list[str]:
    """What an entry may be called where its name is another's."""
    digest = hashlib.sha256(os.fsencode(entry.path.name)).hexdigest()
    return [names.safe_name(entry.path.name), *(f"{entry.name[:40]}-{digest[:length]}" for length in (8, 16))]


def _said(entry: Entry, group: Sequence[Entry]) -> tuple[str, ...]:
    if len({each.remarks for each in group}) == 1 and entry.remarks:
        return ()  # entries of one student, who has said so already
    others = [names.shown(each.path.name) for each in group if each is not entry]
    seen = names.listed(others, 3)
    if names.shown(entry.path.name) in others:
        seen += " (they look alike, and differ in how the letters are encoded)"
    return (f"may be the same student as {seen}: each was graded. Keep the row that counts",)
