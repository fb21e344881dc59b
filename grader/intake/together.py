"""Work of which each module lies somewhere else: one in an archive, another beside it or in another archive."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from grader.course.digest import digest
from grader.intake import names
from grader.intake.names import shown
from grader.intake.submission import IntakeLimits, Notes, Refused
from grader.intake.tree import Item
from grader.intake.views import Tree, Work


@dataclass(frozen=True)
class Opened:
    """An archive within the submission, and what came of it."""

    item: Item
    notes: Notes
    work: Work | None
    refused: Refused | None = None


def put_together(here: Tree, opened: Sequence[Opened], notes: Notes) -> Work | None:
    """The work in which a module that nobody wrote beside the archives comes out of one; None where none does so.

    What lies beside archives goes before what is in them. A module of which several archives hold different versions is
    taken from none.
    """
    wanted, beside = here.wanted, here.modules.written
    sources = [one for one in opened if one.work and one.work.view == "modules" and one.work.written]
    if not sources:
        return None
    own = here.some(Notes(), ()).modules if beside else {}
    found = {module: _holding(module, sources, here) for module in wanted.module_names}
    of_archive = {module: one for module, one in found.items() if one and not wanted.is_written(own, module)}
    used = list({id(one): one for one in of_archive.values()}.values())
    if not used or len(used) + beside < 2:
        return None
    work = here.some(notes, [one.item for one in opened]) if beside else Work({})
    taken = {module: one.work.modules[module] for module, one in of_archive.items() if one.work}
    for one in used:
        files = names.listed([f"{module}.py" for module, source in of_archive.items() if source is one], 9)
        notes.remark(f"{shown(one.item.path)} was opened, and {files} in it counts")
        notes.add(one.notes.without(list(one.work.absent.values()) if one.work else []))
    absent = {module: told for module, told in here.missing().items() if module not in taken}
    for told in absent.values():
        notes.remark(told)
    return replace(work, modules={**work.modules, **taken, **dict.fromkeys(absent, "")}, absent=absent)


def _holding(module: str, sources: Sequence[Opened], here: Tree) -> Opened | None:
    """The archive in which a module was written; None where none is, or where several hold different ones."""
    different: dict[str, Opened] = {}
    for one in sources:
        if one.work and here.wanted.is_written(one.work.modules, module):
            different.setdefault(digest(one.work.modules[module]), one)
    rivals = list(different.values())
    return rivals[0] if len(rivals) == 1 else None


def unclear(rivals: Sequence[Opened], limits: IntakeLimits) -> str:
    """What to tell when several archives could each be the one that counts."""
    found = names.listed([one.item.path for one in rivals], limits.notes)
    return (
        f"it is not clear which archive counts: found {found}, which hold different work. "
        "Keep the one that counts and remove the other."
    )
