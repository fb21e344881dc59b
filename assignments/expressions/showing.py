"""A tree as LaTeX and in plain spelling: a student should recognise what was understood. Both can be read again."""

import itertools
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from tree import Tree

if TYPE_CHECKING:
    from declared import Answer

# How strongly a spelling holds together. What holds less than its place needs is put into brackets.
_SUM, _QUOTIENT, _PRODUCT, _FACTOR, _ATOM = range(5)
_Spelled = tuple[str, int]


def latex(tree: Tree, answer: "Answer") -> str:
    """The tree as LaTeX, with the symbols as they are declared."""
    symbols = {symbol.name: symbol.latex for symbol in answer.symbols}
    return _latex(tree, symbols)[0]


def plain(tree: Tree, answer: "Answer") -> str:
    """The tree as one would type it: `s1^2/(s1^2 + s2^2)`."""
    symbols = {symbol.name: symbol.name for symbol in answer.symbols}
    return _plain(tree, symbols)[0]


def _latex(tree: Tree, symbols: Mapping[str, str]) -> _Spelled:
    def within(part: Tree, least: int) -> str:
        spelled, strength = _latex(part, symbols)
        return spelled if strength >= least else rf"\left({spelled}\right)"

    match tree:
        case ("number", digits):
            return digits, _ATOM
        case ("symbol", name):
            return symbols[name], _FACTOR if "^" in symbols[name] else _ATOM
        case ("pi",):
            return r"\pi", _ATOM
        case ("e",):
            return (r"\exp\left(1\right)", _FACTOR) if "e" in symbols else ("e", _ATOM)
        case ("sum", *terms):
            return _signed([_term(term, within) for term in terms]), _SUM
        case ("negative", part):
            return f"-{within(part, _PRODUCT)}", _SUM
        case ("product", *factors):
            spelled = within(factors[0], _PRODUCT)
            for before, factor in itertools.pairwise(factors):
                spelled += f"{_times(before, factor)}{within(factor, _FACTOR)}"
            return spelled, _PRODUCT
        case ("quotient", above, below):
            return rf"\frac{{{within(above, _SUM)}}}{{{within(below, _SUM)}}}", _FACTOR
        case ("power", base, exponent):
            return f"{within(base, _ATOM)}^{{{within(exponent, _SUM)}}}", _FACTOR
        case ("sqrt", part):
            return rf"\sqrt{{{within(part, _SUM)}}}", _FACTOR
        case ("root", (_, index), part):
            return rf"\sqrt[{index}]{{{within(part, _SUM)}}}", _FACTOR
        case (function, part):
            return rf"\{function}\left({within(part, _SUM)}\right)", _FACTOR
    raise ValueError(f"This is no tree of an expression: {tree!r}")


def _plain(tree: Tree, symbols: Mapping[str, str]) -> _Spelled:
    def within(part: Tree, least: int) -> str:
        spelled, strength = _plain(part, symbols)
        return spelled if strength >= least else f"({spelled})"

    match tree:
        case ("number", digits):
            return digits, _ATOM
        case ("symbol", name):
            return symbols[name], _ATOM
        case ("pi",):
            return "pi", _ATOM
        case ("e",):
            return ("exp(1)", _FACTOR) if "e" in symbols else ("e", _ATOM)
        case ("sum", *terms):
            return _signed([_term(term, within) for term in terms]), _SUM
        case ("negative", part):
            return f"-{within(part, _QUOTIENT)}", _SUM
        case ("product", first, *others):
            return "*".join([within(first, _PRODUCT), *(within(factor, _FACTOR) for factor in others)]), _PRODUCT
        case ("quotient", above, below):
            return f"{within(above, _PRODUCT)}/{within(below, _FACTOR)}", _QUOTIENT
        case ("power", base, exponent):
            return f"{within(base, _ATOM)}^{within(exponent, _ATOM)}", _FACTOR
        case ("root", (_, index), part):
            return f"{within(part, _ATOM)}^(1/{index})", _FACTOR
        case (function, part):
            return f"{function}({within(part, _SUM)})", _FACTOR
    raise ValueError(f"This is no tree of an expression: {tree!r}")


def _term(term: Tree, within: Callable[[Tree, int], str]) -> tuple[str, str]:
    """A term's sign and the term without it."""
    return ("-", within(term[1], _QUOTIENT)) if term[0] == "negative" else ("+", within(term, _QUOTIENT))


def _signed(terms: list[tuple[str, str]]) -> str:
    (sign, first), *others = terms
    return "".join([sign.removeprefix("+"), first, *(f" {sign} {term}" for sign, term in others)])


def _times(before: Tree, factor: Tree) -> str:
    """What stands between two factors in LaTeX: a dot where a space could be misread."""
    leading = factor[1] if factor[0] == "power" else factor
    mixed = before[0] == "number" and factor[0] == "quotient"  # 2 and one half, or 2 times one half
    return r" \cdot " if leading[0] == "number" or mixed else " "
