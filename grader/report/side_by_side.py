"""An answer beside the right one, with what differs marked."""

from __future__ import annotations

import re
from dataclasses import dataclass

_WORD = re.compile(r"[\s,()\[\]{}:]+|[^\s,()\[\]{}:]+")


@dataclass(frozen=True)
class Piece:
    """A part of a text, and whether the other text has something else in its place."""

    text: str
    differs: bool


def side_by_side(came: str, expected: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Both texts in pieces. Nothing is marked where their words do not stand in the same places: it would mislead."""
    ours, theirs = _WORD.findall(came), _WORD.findall(expected)
    if len(ours) != len(theirs):
        return (Piece(came, False),), (Piece(expected, False),)
    differ = [one.split() != other.split() for one, other in zip(ours, theirs, strict=True)]
    return _joined(ours, differ), _joined(theirs, differ)


def _joined(words: list[str], differ: list[bool]) -> tuple[Piece, ...]:
    pieces: list[Piece] = []
    for word, differs in zip(words, differ, strict=True):
        if pieces and pieces[-1].differs == differs:
            pieces[-1] = Piece(pieces[-1].text + word, differs)
        else:
            pieces.append(Piece(word, differs))
    return tuple(pieces)
