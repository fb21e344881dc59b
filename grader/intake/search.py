"""How deep to look into a submission: to the first depth at which somebody has written something."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from grader.intake import names
from grader.intake.submission import IntakeLimits, Refused
from grader.intake.tree import Item, Kind, Levels
from grader.intake.wanted import Wanted


@dataclass(frozen=True)
class Found:
    """What was met, down to the depth where the search ended, and files asked for by name that lie below it."""

    items: list[Item]
    deeper: list[Item]


def search(levels: Levels, wanted: Wanted, limits: IntakeLimits, written: Callable[[Item], bool]) -> Found:
    """Looks until all modules, or the notebook, have been met and something that was asked for is `written`.

    Where all is as it was handed out, the work may lie deeper. Raises `Refused` for more files than are looked at.
    """
    items: list[Item] = []
    asked: list[Item] = []
    missing, named, considered = {names.folded(name) for name in wanted.modules}, False, 0
    notebook = names.folded(wanted.notebook) if wanted.notebook else ""
    while True:
        complete = named or not missing
        try:
            level = next(levels, None)
        except Refused:
            if not complete:
                raise
            return Found(items, [])  # what was found above counts
        if level is None:
            return Found(items, [])
        considered += len(level)
        if considered > limits.entries:
            if complete:
                return Found(items, [])
            raise Refused(
                f"the submission holds more than {limits.entries:,} files and folders. "
                f"Hand in only {wanted.asked}, without data, environments and other projects."
            )
        items += level
        for item in level:
            fold = names.folded(item.name) if item.kind is not Kind.FOLDER else ""
            missing.discard(fold)
            named = named or bool(fold and fold == notebook)
            if fold and _is_asked(item, fold, wanted):
                asked.append(item)
        if (named or not missing) and any(written(item) for item in asked):
            return Found(items, _below(levels, wanted, limits.entries - considered))


def _is_asked(item: Item, fold: str, wanted: Wanted) -> bool:
    exact = fold in map(names.folded, (*wanted.modules, wanted.notebook))
    return exact or any(names.is_near_miss(item.name, name) for name in wanted.modules)


def _below(levels: Levels, wanted: Wanted, left: int) -> list[Item]:
    """The files of the very names that lie deeper, as far as there is not too much to look through."""
    found: list[Item] = []
    asked = {names.folded(name) for name in (*wanted.modules, wanted.notebook) if name}
    try:
        for level in levels:
            left -= len(level)
            if left < 0:
                break
            found += [item for item in level if item.kind is Kind.FILE and names.folded(item.name) in asked]
    except Refused:
        pass
    return found
