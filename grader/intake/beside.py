"""Files beside the work that look like work too: a student may be about to hand in the wrong one."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from grader.intake import folders, names
from grader.intake.candidates import defines_half, is_kin
from grader.intake.desk import Desk
from grader.intake.submission import IntakeLimits, Notes, Refused
from grader.intake.tree import Item, Kind
from grader.intake.views import of_modules
from grader.intake.wanted import Wanted


def unpacked_work(folder: Path, wanted: Wanted, packed: Mapping[str, str]) -> list[str]:
    """The names of files in `folder` that hold other work on this homework than the modules `packed`, sorted.

    The files that are called exactly as asked are not among them: which of these counts is told with the work.
    """
    limits = IntakeLimits()
    desk = Desk(wanted, limits)
    try:
        level = next(folders.levels(folder, limits), [])
    except Refused:
        return []
    files = [item for item in level if item.kind is Kind.FILE and item.name not in (*wanted.modules, wanted.notebook)]
    return [item.name for item in files if _is_other_work(item, desk, packed)]


def _is_other_work(item: Item, desk: Desk, packed: Mapping[str, str]) -> bool:
    try:
        if names.is_notebook(item.name):
            notebook = desk.notebook(item) if desk.wanted.notebook else None
            return notebook is not None and notebook.written and dict(notebook.modules) != dict(packed)
        kin = any(is_kin(item, name, desk) for name in desk.wanted.modules)
        probes = names.shadows(item.name, folder=False)  # they have the names of what they ask for
        stranger = item.name.endswith(".py") and not probes and defines_half(item, desk)
        if not (kin or stranger) or not desk.written(item):
            return False
        data = desk.data(item, item.name)
        held = of_modules({item.name: data}, desk.wanted, desk.limits, Notes()).modules
        return not set(held.values()) & set(packed.values())
    except Refused:
        return False
