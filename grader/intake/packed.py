"""The work in a tree of files, and in the archives within it.

A folder or an archive that holds an archive, and nothing beside it that was written, is that archive: learning
platforms put what a student uploads into a folder, and students pack folders that hold what `make submit` packed.
"""

from __future__ import annotations

import re

from grader.course.digest import digest
from grader.intake import archives, names, tree
from grader.intake.content import sniffed
from grader.intake.names import shown
from grader.intake.submission import Allowance, IntakeLimits, Notes, Refused
from grader.intake.together import Opened, put_together, unclear
from grader.intake.tree import Item, Kind, Levels
from grader.intake.views import Tree, Work
from grader.intake.wanted import Wanted

_HEAD = 511  # bytes that tell an archive
_ARCHIVE = "|".join(map(re.escape, names.ARCHIVE_SUFFIXES))
_LONGER_SUFFIX = re.compile(rf"(?:{_ARCHIVE})(?: ?\(\d+\)|\.\w+)$|\.(?:crdownload|part)$", re.IGNORECASE)


def work_in(
    levels: Levels, wanted: Wanted, limits: IntakeLimits, notes: Notes, allowance: Allowance, depth: int = 0
) -> Work:
    """The work in a tree of files. Raises `Refused`; adds to `notes` what the student should know.

    Archives are opened to the depth and under the limits of `limits`, which count for all of them together.
    """
    here, told = Tree(levels, wanted, limits), Notes()
    work = here.written(told)
    if work and (work.view == "notebook" or all(wanted.is_written(work.modules, each) for each in work.modules)):
        notes.add(told)
        return work
    packed = _archives(here.found.items) if depth < limits.packed_depth else []
    opened = [] if work and len(packed) > allowance.archives else _opened_all(packed, wanted, limits, allowance, depth)
    if together := put_together(here, opened, notes):
        return together
    if work:
        notes.add(told)
        return work
    inner = _the_one(opened, limits)
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
        notes.remark(str(inner.refused or f"{shown(inner.item.path)} was opened, and holds nothing else"))
    return work


def _as_the_work(inner: Opened, work: Work, here: Tree, notes: Notes) -> Work:
    notes.append(f"{shown(inner.item.path)} was opened, and what is in it counts")
    others = [item for item in here.found.items if item is not inner.item]
    notes += tree.remarks({}, _on_the_way(inner.item, others), others, here.limits)
    notes.add(inner.notes)
    return work


def _on_the_way(item: Item, others: list[Item]) -> list[Item]:
    return [other for other in others if item.path.startswith(f"{other.path}/")]


def _archives(items: list[Item]) -> list[Item]:
    """The archives among files, also where a browser or the student wrote something in place of the suffix."""
    files = [item for item in items if item.kind is Kind.FILE]
    return [item for item in files if item.name.lower().endswith(names.ARCHIVE_SUFFIXES) or _disguised(item)]


def _disguised(item: Item) -> bool:
    if "." in item.name and not _LONGER_SUFFIX.search(item.name):
        return False
    try:
        return sniffed(item.read(_HEAD)) in archives.READABLE
    except Refused:
        return False


def _opened_all(
    packed: list[Item], wanted: Wanted, limits: IntakeLimits, allowance: Allowance, depth: int
) -> list[Opened]:
    """What came of each archive. Raises `Refused` for too many."""
    if len(packed) > allowance.archives:
        found = names.listed([item.path for item in packed], limits.notes)
        raise Refused(
            f"the submission holds more than {limits.packed_archives} archives: {found}. "
            "Hand in only the one that counts, or the files without an archive."
        )
    allowance.archives -= len(packed)
    return [_opened(item, wanted, limits, allowance, depth) for item in packed]


def _the_one(opened: list[Opened], limits: IntakeLimits) -> Opened | None:
    """The archive that counts. Raises `Refused` when several hold different work."""
    different: dict[tuple[str, ...], Opened] = {}
    for one in opened:
        if one.work and one.work.written:
            different.setdefault(tuple(map(digest, one.work.modules.values())), one)
    rivals = list(different.values())
    newer = [one for one in rivals if not names.is_outdated(names.stem(one.item.name))]
    if len(rivals) > 1 and len(newer) == 1:
        old = names.listed([one.item.path for one in rivals if one is not newer[0]], limits.notes)
        newer[0].notes.remark(f"{shown(newer[0].item.path)} counts; {old}, written too, does not")
        rivals = newer
    if len(rivals) > 1:
        raise Refused(unclear(rivals, limits))
    return next(iter([*rivals, *(one for one in opened if one.work), *opened]), None)


def _opened(item: Item, wanted: Wanted, limits: IntakeLimits, allowance: Allowance, depth: int) -> Opened:
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
        return Opened(item, notes, work_in(inner, wanted, limits, notes, allowance, depth + 1))
    except Refused as refused:
        told = str(refused)
        return Opened(item, notes, None, Refused(told if told.startswith(file) else f"{file}: {told}"))
