"""All characters that are drawn: the alphabets of both sources, without what is there twice."""

import numpy as np
from characters import SIDE
from hershey import hershey_alphabets
from ink import drawn
from kanjivg import kanji_alphabets
from strokes import Glyph, in_unit_box, is_dot_or_bar, length

ALIKE = 0.97  # of the ink of each of two characters that lies on or beside the other's
LONGEST = 9.0  # longer ones are hatched areas, which blot
PRINT = 20.0  # pixels of the longer side, for comparing


def bank() -> dict[str, Glyph]:
    """Name "Alphabet/character01" -> its glyph, with side 1.

    Without dots, bars and blots, and without what looks like an earlier one.
    """
    alphabets = {**hershey_alphabets(), **kanji_alphabets()}
    shapes = [glyph for alphabet in alphabets.values() for glyph in alphabet if not is_dot_or_bar(glyph)]
    glyphs = [glyph for glyph in map(in_unit_box, shapes) if length(glyph) <= LONGEST]
    kept: dict[str, list[Glyph]] = {}
    for glyph, first in zip(glyphs, first_of_its_kind(glyphs), strict=True):
        if first:
            kept.setdefault(glyph.alphabet, []).append(glyph)
    return {
        f"{alphabet}/character{number:02d}": glyph
        for alphabet, members in sorted(kept.items())
        for number, glyph in enumerate(members, 1)
    }


def first_of_its_kind(glyphs: list[Glyph]) -> list[bool]:
    """Whether no earlier one that was kept looks alike: the Greek A is the Latin one, a small c a large one."""
    ink = np.stack([drawn([PRINT * stroke + SIDE / 2 for stroke in glyph.strokes], 1.2) for glyph in glyphs])
    padded = np.pad(ink, ((0, 0), (1, 1), (1, 1)))
    beside = np.max([padded[:, y : y + SIDE, x : x + SIDE] for y in range(3) for x in range(3)], axis=0)
    ink, beside = (images.reshape(len(glyphs), -1).astype(np.float32) for images in (ink, beside))
    covered = ink @ beside.T / ink.sum(axis=1, keepdims=True)  # (N, N) of the first's ink, the share beside the second
    alike = np.minimum(covered, covered.T) >= ALIKE
    first: list[bool] = []
    for row in range(len(glyphs)):
        first.append(not (alike[row, :row] & np.array(first, dtype=bool)).any())
    return first
