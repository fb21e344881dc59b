"""How a session goes about its checks: for grades, or only to measure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from grader.judge.calibrated import Bounds


@dataclass(frozen=True)
class Manner:
    """`takes` says which checks are put; None: all. With `bounds`, these stand in place of the calibration's.

    Unless it `blocks`, a check is put whatever became of those that it needs. Unless it `repeats`, no check is put
    again: not for chance, and not with substitutes. Unless it `compares`, nothing is said of how answers differ.
    """

    takes: Callable[[pytest.Item], bool] | None = None
    bounds: Bounds | None = None
    blocks: bool = True
    repeats: bool = True
    compares: bool = True
    nothing: str = ""  # said of a homework of which no check is taken; "" where that is right


GRADES = Manner()
