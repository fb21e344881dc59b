"""The value of a tree at a point, with error bounds: intervals that are made narrower until they give one float.

As long as a value is a fraction that is not too long, it is computed exactly. Of several threads, only one may compute.
"""

import functools
import math
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from mpmath import libmp
from mpmath.ctx_iv import MPIntervalContext
from reading import read
from tree import Tree

if TYPE_CHECKING:
    from declared import Answer

PRECISIONS = (80, 160, 320, 640, 1280, 2000)  # bits
_RELATIVE, _ABSOLUTE = -58, -1000  # as powers of 2: how narrow an interval must be
_ZERO = 1e-300  # narrower than this around 0 at the highest precision, a value counts as 0
_LARGEST_EXPONENT = 2**40  # of e; what is larger is never computed, what is smaller is bounded by 0
_EXACT_BITS = 4096  # of a fraction
_SMALL_POWER = 4096

DIVISION = "a division by zero"
NEGATIVE_LOGARITHM = "the logarithm of a negative number"
ZERO_LOGARITHM = "the logarithm of 0"
NEGATIVE_ROOT = "a root of a negative number"
NEGATIVE_POWER = "a power of a negative number whose exponent is not whole"
TOO_LARGE = "too large to be computed"
TOO_NEAR = "it is too near to 0 to tell"

Interval = Any  # of mpmath, which has no types
Number = Fraction | Interval

_intervals = MPIntervalContext()  # our own: nobody else changes its precision
_LARGEST = _intervals.ldexp(1, 2**46)  # of the values on the way


class NoValue(Exception):
    """A tree has no value at a point. The text is the reason, in words that fit behind "because of" or a colon."""


class _TooWide(Exception):
    """The interval does not decide. More bits may."""


def value(tree: Tree, answer: "Answer", point: Mapping[str, Fraction | int]) -> float:
    """The value at a point, which gives a value to each symbol that is not short for others.

    Raises:
        NoValue: There is none, or it cannot be computed within the limits.
    """
    given = {symbol.name: Fraction(point[symbol.name]) for symbol in answer.symbols if not symbol.short_for}
    for bits in PRECISIONS:
        calculator = _Calculator(bits, given, _shorts(answer))
        try:
            found = calculator.of(tree)
            return _to_float(found) if isinstance(found, Fraction) else calculator.to_float(found)
        except _TooWide:
            continue
    raise NoValue(TOO_NEAR)


def values(tree: Tree, answer: "Answer", points: Iterable[Mapping[str, Fraction | int]]) -> list[float | str]:
    """The value at each point, or the reason why there is none."""
    return [_value_or_reason(tree, answer, point) for point in points]


def _value_or_reason(tree: Tree, answer: "Answer", point: Mapping[str, Fraction | int]) -> float | str:
    try:
        return value(tree, answer, point)
    except NoValue as reason:
        return str(reason)


@functools.lru_cache(maxsize=256)
def _shorts(answer: "Answer") -> Mapping[str, Tree]:
    """What short symbols stand for."""
    return {symbol.name: read(symbol.short_for, answer).tree for symbol in answer.symbols if symbol.short_for}


class _Calculator:
    """Computes at one precision. It raises _TooWide where more bits may help, and NoValue where they cannot."""

    def __init__(self, bits: int, given: Mapping[str, Fraction], shorts: Mapping[str, Tree]) -> None:
        _intervals.prec = bits
        self._last = bits == PRECISIONS[-1]
        self._blur = 1 + _intervals.mpf([-1, 1]) * _intervals.ldexp(1, 4 - bits)
        self._symbols: dict[str, Number] = dict(given)
        self._shorts = shorts

    def of(self, tree: Tree) -> Number:
        """The value of a tree: a fraction if that is exact and short, else an interval around it."""
        match tree:
            case ("number", digits):
                return _kept_short(Fraction(digits))
            case ("symbol", name):
                return self._symbol(name)
            case ("pi",):
                return +_intervals.pi
            case ("e",):
                return self._exp(Fraction(1))
            case ("negative", part):
                return -self.of(part)
            case ("sum", *terms):
                return functools.reduce(_add, map(self.of, terms))
            case ("product", *factors):
                return functools.reduce(_multiply, map(self.of, factors))
            case ("quotient", above, below):
                return self._divide(self.of(above), self.of(below))
            case ("power", ("e",), exponent):
                return self._exp(self.of(exponent))
            case ("power", base, exponent):
                return self._power(self.of(base), self.of(exponent))
            case ("log", part):
                return self._log(self.of(part))
            case ("exp", part):
                return self._exp(self.of(part))
            case ("sqrt", part):
                return self._sqrt(self.of(part))
            case ("root", (_, index), part):
                return self._power(self.of(part), Fraction(1, int(index)))
        raise ValueError(f"This is no tree of an expression: {tree!r}")

    def to_float(self, x: Interval) -> float:
        """The float inside an interval, if that is narrow enough."""
        width, nearest = x.delta, _nearest_to_zero(x)
        if nearest == 0 and self._last and width < _ZERO:
            return 0.0
        if not (width < _intervals.ldexp(1, _ABSOLUTE) or width <= _intervals.ldexp(nearest, _RELATIVE)):
            raise _TooWide
        found = float(libmp.to_float(x.mid._mpi_[0], rnd=libmp.round_nearest))
        if math.isinf(found):
            raise NoValue(TOO_LARGE)
        return found

    def _symbol(self, name: str) -> Number:
        if name not in self._symbols:
            self._symbols[name] = self.of(self._shorts[name])
        return self._symbols[name]

    def _sign(self, x: Number, doubt: str = TOO_NEAR) -> int:
        """-1, 0 or 1. `doubt` is the reason if the highest precision does not tell."""
        if isinstance(x, Fraction):
            return (x > 0) - (x < 0)
        if x.a > 0 or x.b < 0:
            return 1 if x.a > 0 else -1
        if x.delta == 0 or (self._last and x.delta < _ZERO):
            return 0
        if self._last:
            raise NoValue(doubt)
        raise _TooWide

    def _divide(self, x: Number, y: Number) -> Number:
        if self._sign(y, doubt=DIVISION) == 0:
            raise NoValue(DIVISION)
        if isinstance(x, Fraction) and isinstance(y, Fraction):
            return _kept_short(x / y)
        return _bounded(_interval(x) / _interval(y))

    def _log(self, x: Number) -> Number:
        sign = self._sign(x)
        if sign <= 0:
            raise NoValue(ZERO_LOGARITHM if sign == 0 else NEGATIVE_LOGARITHM)
        return Fraction(0) if x == 1 else _intervals.log(_interval(x)) * self._blur

    def _exp(self, x: Number) -> Number:
        if x == 0:
            return Fraction(1)
        x = _interval(x)
        if x.a > _LARGEST_EXPONENT or (self._last and x.b > _LARGEST_EXPONENT):
            raise NoValue(TOO_LARGE)
        if x.b > _LARGEST_EXPONENT:
            raise _TooWide
        if x.a < -_LARGEST_EXPONENT:  # nearer to 0 than anything that matters
            above = x.b if x.b > -_LARGEST_EXPONENT else -_LARGEST_EXPONENT
            return _intervals.mpf([0, 1]) * _intervals.exp(above) * self._blur
        return _intervals.exp(x) * self._blur

    def _sqrt(self, x: Number) -> Number:
        sign = self._sign(x)
        if sign < 0:
            raise NoValue(NEGATIVE_ROOT)
        if sign == 0:
            return Fraction(0)
        if isinstance(x, Fraction):
            above, below = math.isqrt(x.numerator), math.isqrt(x.denominator)
            if (above * above, below * below) == (x.numerator, x.denominator):
                return Fraction(above, below)
        return _intervals.sqrt(_interval(x)) * self._blur

    def _power(self, base: Number, exponent: Number) -> Number:
        if isinstance(exponent, Fraction) and exponent.denominator == 1:
            return self._whole_power(base, exponent.numerator)
        if exponent == Fraction(1, 2):
            return self._sqrt(base)
        sign = self._sign(base)
        if sign < 0:
            raise NoValue(NEGATIVE_ROOT if isinstance(exponent, Fraction) else NEGATIVE_POWER)
        if sign > 0:
            return self._exp(_multiply(exponent, self._log(base)))
        if self._sign(exponent) < 0:
            raise NoValue(DIVISION)
        return Fraction(0) if self._sign(exponent) > 0 else Fraction(1)

    def _whole_power(self, base: Number, exponent: int) -> Number:
        if exponent == 0:
            return Fraction(1)
        if exponent < 0 and self._sign(base, doubt=DIVISION) == 0:
            raise NoValue(DIVISION)
        if isinstance(base, Fraction) and (abs(base) in (0, 1) or _bits(base) * abs(exponent) <= _EXACT_BITS):
            return base ** (exponent if abs(base) != 1 else exponent % 2)
        if abs(exponent) <= _SMALL_POWER:
            power = _bounded(_interval(base) ** abs(exponent))
            return power if exponent > 0 else _bounded(1 / power)
        sign = self._sign(base)
        if sign == 0:
            return Fraction(0)
        size = self._exp(_multiply(Fraction(exponent), self._log(sign * base)))
        return size if sign > 0 or exponent % 2 == 0 else -size


def _add(x: Number, y: Number) -> Number:
    if isinstance(x, Fraction) and isinstance(y, Fraction):
        return _kept_short(x + y)
    return _interval(x) + _interval(y)


def _multiply(x: Number, y: Number) -> Number:
    if isinstance(x, Fraction) and isinstance(y, Fraction):
        return _kept_short(x * y)
    return _bounded(_interval(x) * _interval(y))


def _kept_short(exact: Fraction) -> Number:
    return exact if _bits(exact) <= _EXACT_BITS else _interval(exact)


def _bits(exact: Fraction) -> int:
    return max(exact.numerator.bit_length(), exact.denominator.bit_length())


def _interval(x: Number) -> Interval:
    if isinstance(x, Fraction):
        return _intervals.mpf(x.numerator) / _intervals.mpf(x.denominator)
    return x


def _bounded(x: Interval) -> Interval:
    """The interval, unless it is so far from 0 that further steps could take long."""
    if x.b > _LARGEST or x.a < -_LARGEST:
        raise NoValue(TOO_LARGE)
    return x


def _nearest_to_zero(x: Interval) -> Interval:
    """The smallest absolute value in an interval."""
    if x.a > 0:
        return x.a
    return -x.b if x.b < 0 else _intervals.mpf(0)


def _to_float(exact: Fraction) -> float:
    try:
        return float(exact)
    except OverflowError:
        raise NoValue(TOO_LARGE) from None
