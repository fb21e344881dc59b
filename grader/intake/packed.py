"""The work in a tree of files, and in the archives within it.

A folder or an archive that holds an archive, and nothing beside it that was written, is that archive: learning
platforms put what a student uploads into a folder, and students pack folders that hold what `make submit` packed.
"""

from __future__ import annotations

from dataclasses import dataclass

from grader.authoring.digest import digest
from grader.intake import archives, names, tree
from grader.intake.content import sniffed
from grader.intake.names import shown
from grader.intake.submission import Allowance, IntakeLimits, Notes, Refused
from grader.intake.tree import Item, Kind, Levels
from grader.intake.views import Tree, Work
from grader.intake.wanted import Wanted


@dataclass(frozen=True)
class _Opened:
    """An archive within the submission, and what came of it."""

    item: Item
    notes: Notes
    work: Work | None
    refused: Refused | None = None


def work_in(
    levels: Levels, wanted: Wanted, limits: IntakeLimits, notes: Notes, allowance: Allowance, depth: int = 0
) -> Work:
    """The work in a tree of files. Raises `Refused`; adds to `notes` what the student should know.

    Archives are opened to the depth and under the limits of `limits`, which count for all of them together.
    """
    here = Tree(levels, wanted, limits)
    if work := here.written(notes):
        return work
    inner = _inside(here.found.items, wanted, limits, allowance, depth) if depth < limits.packed_depth else None
    if inner and inner.work and inner.work.written:
        return _as_the_work(inner, inner.work, here, notes)
    if work := here.other(notes):
        return work
    if inner and not here.modules.files and not here.notebook:
        if inner.refused:
            raise inner.refused
        assert inner.work is not None
        return _as_the_work(inner, inner.work, here, notes)
    work = here.untouched(notes)
    if inner:
        why = f": {inner.refused}" if inner.refused else ", and holds nothing else"
        notes.remark(f"{shown(inner.item.path)} was opened{why}")
    return work


def _as_the_work(inner: _Opened, work: Work, here: Tree, notes: Notes) -> Work:
    notes.append(f"{shown(inner.item.path)} was opened, and what is in it counts")
    others = [item for item in here.found.items if item is not inner.item]
    notes += tree.remarks({}, _on_the_way(inner.item, others), others, here.limits)
    notes.add(inner.notes)
    return work


def _on_the_way(item: Item, others: list[Item]) -> list[Item]:
    return [other for other in others if item.path.startswith(f"{other.path}/")]


def _inside(
    items: list[Item], wanted: Wanted, limits: IntakeLimits, allowance: Allowance, depth: int
) -> _Opened | None:
    """The archive that counts. Raises `Refused` when several hold different work."""
    packed = [item for item in items if item.kind is Kind.FILE and item.name.lower().endswith(names.ARCHIVE_SUFFIXES)]
    if len(packed) > allowance.archives:
        found = names.listed([item.path for item in packed], limits.notes)
        raise Refused(
            f"the submission holds more than {limits.packed_archives} archives: {found}. "
            "Hand in only the one that counts, or the files without an archive."
        )
    allowance.archives -= len(packed)
    opened = [_opened(item, wanted, limits, allowance, depth) for item in packed]
    different: dict[tuple[str, ...], _Opened] = {}
    for one in opened:
        if one.work and one.work.written:
            different.setdefault(tuple(map(digest, one.work.modules.values())), one)
    if len(different) > 1:
        found = names.listed([one.item.path for one in different.values()], limits.notes)
        raise Refused(
            f"it is not clear which archive counts: found {found}, which hold different work. "
            "Keep the one that counts and remove the other."
        )
    return next(iter([*different.values(), *(one for one in opened if one.work), *opened]), None)


def _opened(item: Item, wanted: Wanted, limits: IntakeLimits, allowance: Allowance, depth: int) -> _Opened:
    notes, file = Notes(), shown(item.name)
    try:
        data = tree.contents(file, item, limits.archive_bytes, f"Hand in only {wanted.asked}.")
        allowance.spend(len(data), file, limits)
        kind = sniffed(data)
        if kind is None and item.name.lower().endswith(".tar"):
            kind = "tar"  # the oldest form has no mark
        if kind not in archives.READABLE:
            raise Refused(f"{file} is not an archive, although its name says so. Hand in {wanted.asked}.")
        inner = archives.levels(data, kind, file, limits, allowance)
        return _Opened(item, notes, work_in(inner, wanted, limits, notes, allowance, depth + 1))
    except Refused as refused:
        told = str(refused)
        return _Opened(item, notes, None, Refused(told if told.startswith(file) else f"{file}: {told}"))
