"""The one place where a grade stops being exact."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

PLACES = 2


def rounded(value: Fraction, places: int = PLACES) -> str:
    """A number as people read it: half of the last place is rounded up (away from 0), and ends of zeros go.

    2.675 is "2.68" and 2.5 is "2.5". Nothing is computed with what this gives.
    """
    scale = 10**places
    size = (2 * abs(value) * scale + 1) // 2
    whole, rest = divmod(int(size), scale)
    text = f"{whole}.{rest:0{places}d}".rstrip("0").rstrip(".") if places else str(whole)
    return f"-{text}" if value < 0 and size else text


def rounded_parts(values: Sequence[Fraction], places: int = PLACES) -> list[str]:
    """Numbers rounded so that what is printed adds up to their sum, rounded. Each takes over what others left.

    Each is at most one unit of the last place away from its own value.
    """
    found, before, whole = [], "0", Fraction(0)
    for value in values:
        whole += value
        so_far = rounded(whole, places)
        found.append(rounded(Fraction(so_far) - Fraction(before), places))
        before = so_far
    return found
