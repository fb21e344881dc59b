"""Who handed in the same text, letter by letter: also where so many have it that nothing in it counts as a sign.

Plain work on lines, as much as there are letters, and so it needs no process of its own.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

LEAST_LETTERS = 100  # chosen, not measured: what is shorter is the same by chance


class Handed(Protocol):
    """A module of a submission."""

    @property
    def owner(self) -> str: ...
    @property
    def module(self) -> str: ...
    @property
    def source(self) -> str: ...
    @property
    def earlier(self) -> bool: ...


@dataclass(frozen=True)
class Identical:
    """Those who have one text in a module."""

    module: str
    owners: tuple[str, ...]


def identical(texts: Sequence[Handed], given: Sequence[str]) -> tuple[Identical, ...]:
    """Groups of owners whose texts are the same without what was handed out, the largest first.

    Neither margins nor lines of comment count. Nobody is in a group for the text as it was handed out, or for next to
    nothing more; and no group is of earlier ones alone.
    """
    known = {line for text in given for line in _lines(text, ())}
    alike: dict[tuple[str, tuple[str, ...]], list[Handed]] = {}
    for text in texts:
        own = tuple(_lines(text.source, known))
        if sum(map(len, own)) >= LEAST_LETTERS:
            alike.setdefault((text.module, own), []).append(text)
    groups = [
        Identical(module, tuple(sorted(each.owner for each in same)))
        for (module, _), same in alike.items()
        if len(same) > 1 and not all(each.earlier for each in same)
    ]
    return tuple(sorted(groups, key=lambda group: (-len(group.owners), group.module, group.owners)))


def _lines(text: str, known: Collection[str]) -> list[str]:
    lines = (" ".join(line.split()) for line in text.splitlines())
    return [line for line in lines if line and not line.startswith("#") and line not in known]
