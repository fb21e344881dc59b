"""Points are exact: integers or fractions, never floats."""

from __future__ import annotations

import re
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import Annotated, Any

from pydantic import BeforeValidator, PlainSerializer

# Not all that Fraction reads: "1e999999999" would take all memory, and "1_0" is a slip.
_EXACT = re.compile(r"-?[0-9]{1,99}(\.[0-9]{1,99}|/0*[1-9][0-9]{0,99})?")


def exact(value: Any) -> Fraction:
    """`value` as a fraction: from an int, a Fraction or text like "3/2". Raises ValueError for anything else.

    A float is refused: 0.1 is not a tenth. A bool is refused: True is not a point.
    """
    text = isinstance(value, str) and _EXACT.fullmatch(value)
    if isinstance(value, bool) or not (text or isinstance(value, (int, Fraction))):
        raise ValueError(f'points must be an integer or text like "3/2", not {value!r}')
    return Fraction(value)


def decimal(points: Fraction) -> str:
    """For people and spreadsheets: 3/2 -> "1.5". Six places where the decimal does not end."""
    if points.denominator == 1:
        return str(points.numerator)
    with localcontext() as context:
        context.prec = 28
        shown = Decimal(points.numerator) / Decimal(points.denominator)
    return f"{shown:.6f}".rstrip("0").rstrip(".")


Points = Annotated[Fraction, BeforeValidator(exact), PlainSerializer(str, return_type=str)]
