"""From curves to pixels."""

from collections.abc import Iterable

import numpy as np
from characters import SIDE
from strokes import Stroke

_ROWS, _COLUMNS = np.mgrid[0:SIDE, 0:SIDE] + 0.5
CENTRES = np.stack([_COLUMNS.ravel(), _ROWS.ravel()], axis=1)  # (784, 2) the middle of each pixel, as x and y


def drawn(strokes: Iterable[Stroke], pen: float) -> np.ndarray:
    """(28, 28) uint8: 1 where the middle of a pixel is at most pen / 2 from a stroke. All in pixels."""
    strokes = list(strokes)
    begin = np.concatenate([stroke[:-1] for stroke in strokes])  # (L, 2) of each straight piece
    piece = np.concatenate([stroke[1:] for stroke in strokes]) - begin
    x = CENTRES[:, :1] - begin[:, 0]  # (784, L)
    y = CENTRES[:, 1:] - begin[:, 1]
    length2 = np.maximum((piece**2).sum(axis=1), 1e-12)
    t = np.clip((x * piece[:, 0] + y * piece[:, 1]) / length2, 0.0, 1.0)  # how far along the piece the nearest point is
    distance2 = ((x - t * piece[:, 0]) ** 2 + (y - t * piece[:, 1]) ** 2).min(axis=1)
    return (distance2 <= (pen / 2) ** 2).astype(np.uint8).reshape(SIDE, SIDE)
