"""Which notebook of a submission counts. What was written beats what is as it was handed out, as among modules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from grader.course.digest import digest
from grader.intake import names
from grader.intake.desk import Desk
from grader.intake.names import shown
from grader.intake.notebook import Notebook
from grader.intake.submission import Notes, Refused
from grader.intake.tree import Item, Kind, ambiguous

_OPENED = 10


@dataclass(frozen=True)
class Found:
    """The notebook that counts among those of a submission, or why none can be read."""

    item: Item
    notebook: Notebook | None
    refused: Refused | None
    near: bool  # called as the one that was asked for, or nearly so
    exact: bool
    unclear: bool = False  # several were written and differ

    @property
    def written(self) -> bool:
        return self.notebook is not None and self.notebook.written


def notebook_among(items: Sequence[Item], desk: Desk, notes: Notes) -> Found | None:
    """The notebook of a submission; those called as the one asked for, or nearly so, go before others."""
    wanted = desk.wanted
    if not wanted.notebook:
        return None
    asked = [*map(names.folded, wanted.modules)]
    there = [
        item
        for item in items
        if item.kind is not Kind.FOLDER
        and (names.is_notebook(item.name) or (names.folded(item.name) in asked and desk.is_notebook(item)))
    ]
    near = [item for item in there if _is_near(item, desk)]
    found = _the_one(near, desk, notes, near=True) if near else None
    others = [item for item in there if item not in near]
    if others and not (found and found.written):
        other = _the_one(others, desk, Notes(), near=False)
        if found is None or other.written:
            if found is not None:
                why = f"cannot be read ({found.refused})" if found.refused else "is as it was handed out"
                notes.remark(f"{shown(found.item.path)} {why}, so {shown(other.item.path)} counts")
            return other
    return found


def _is_exact(item: Item, desk: Desk) -> bool:
    return names.folded(item.name) == names.folded(desk.wanted.notebook)


def _is_near(item: Item, desk: Desk) -> bool:
    goal = f"{names.stem(desk.wanted.notebook)}.py"
    return _is_exact(item, desk) or names.is_near_miss(item.name, goal)


def _the_one(group: list[Item], desk: Desk, notes: Notes, *, near: bool) -> Found:
    ranked = sorted(group, key=lambda item: (not _is_exact(item, desk), item.depth, item.path))
    if len(ranked) > _OPENED:
        ranked = [item for item in ranked if _is_exact(item, desk)] or ranked
        if len(ranked) > _OPENED:
            return _unclear(ranked, desk, near)
    read: list[tuple[Item, Notebook]] = []
    refused: list[tuple[Item, Refused]] = []
    for item in ranked:
        try:
            read.append((item, desk.notebook(item)))
        except Refused as why:
            refused.append((item, why))
    different: dict[tuple[str, ...], tuple[Item, Notebook]] = {}
    for item, notebook in read:
        if notebook.written:
            different.setdefault(tuple(map(digest, notebook.modules.values())), (item, notebook))
    rivals = list(different.values())
    if len(rivals) > 1 and _is_exact(rivals[0][0], desk):
        old = [item for item, _ in rivals[1:] if names.is_outdated(item.name)]
        rivals = [(item, notebook) for item, notebook in rivals if item not in old]
        if old:
            paths = names.listed([item.path for item in old], desk.limits.notes)
            notes.remark(f"{shown(rivals[0][0].path)} counts; {paths}, written too, does not")
    if len(rivals) > 1:
        return _unclear([item for item, _ in rivals], desk, near)
    if not rivals and not read:
        if len(refused) > 1 and not _is_exact(refused[0][0], desk):
            return replace(_unclear([item for item, _ in refused], desk, near), unclear=False)
        return Found(refused[0][0], None, refused[0][1], near, _is_exact(refused[0][0], desk))
    item, notebook = (rivals or read)[0]
    if notebook.written:
        for other, reason in refused:
            if _is_exact(other, desk):
                notes.remark(f"{shown(other.path)} cannot be read, so {shown(item.path)} counts: {reason}")
        stubs = [other for other, unwritten in read if not unwritten.written and _is_exact(other, desk)]
        if stubs and not _is_exact(item, desk):
            notes.remark(f"{shown(stubs[0].path)} is as it was handed out, so {shown(item.path)} counts")
    return Found(item, notebook, None, near, _is_exact(item, desk))


def _unclear(rivals: list[Item], desk: Desk, near: bool) -> Found:
    wanted, exact = desk.wanted, [item for item in rivals if _is_exact(item, desk)]
    found = names.listed(sorted(item.path for item in rivals), desk.limits.notes)
    told = (
        ambiguous(wanted.notebook, rivals, desk.limits)
        if exact
        else f"it is not clear which notebook counts: found {found}. Name the one that counts {wanted.notebook}, "
        "and hand it in again."
    )
    return Found(rivals[0], None, Refused(told), near, bool(exact), unclear=True)
