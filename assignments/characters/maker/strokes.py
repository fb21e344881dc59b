"""What a character is before anybody draws it: a few curves in a box of side 1."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

Stroke = np.ndarray  # (P, 2) float64, x to the right and y down, without lifting the pen
SPACING = 0.06  # between neighbouring points of a stroke, once the character has side 1


@dataclass(frozen=True)
class Glyph:
    """One character of an alphabet. `origin` says where it comes from."""

    alphabet: str
    origin: str
    strokes: tuple[Stroke, ...]


def polyline(points: Iterable[tuple[float, float]]) -> Stroke:
    return np.array(list(points), dtype=np.float64)


def in_unit_box(glyph: Glyph) -> Glyph:
    """The same character, its longer side 1 and its middle at 0, with points at equal distances on each stroke."""
    points = np.concatenate(glyph.strokes)
    low, high = points.min(axis=0), points.max(axis=0)
    size = (high - low).max()
    strokes = (evenly((stroke - (low + high) / 2) / size) for stroke in glyph.strokes)
    return Glyph(glyph.alphabet, glyph.origin, tuple(strokes))


def evenly(stroke: Stroke) -> Stroke:
    """Points about SPACING apart along the same line."""
    steps = _steps(stroke)
    along = np.concatenate([[0.0], np.cumsum(steps)])
    at = np.linspace(0.0, along[-1], max(2, round(along[-1] / SPACING) + 1))
    return np.stack([np.interp(at, along, stroke[:, axis]) for axis in (0, 1)], axis=1)


def length(glyph: Glyph) -> float:
    """Of all its strokes together."""
    return sum(float(_steps(stroke).sum()) for stroke in glyph.strokes)


def _steps(stroke: Stroke) -> np.ndarray:
    """(P - 1,) how far each point is from the one before."""
    step = stroke[1:] - stroke[:-1]
    return np.sqrt((step**2).sum(axis=1))


def is_dot_or_bar(glyph: Glyph) -> bool:
    """Nothing, a dot, or one straight line: a hand that slants makes one bar into another."""
    if len(glyph.strokes) > 1:
        return False
    return not glyph.strokes or float(np.linalg.norm(np.ptp(glyph.strokes[0], axis=0))) >= 0.98 * length(glyph)
