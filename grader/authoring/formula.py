"""Formulas: LaTeX as MathML Core, which browsers show without a script."""

from __future__ import annotations

import re
from html import unescape
from xml.etree import ElementTree

from math_core import LatexError, LatexToMathML

_CONVERTER = LatexToMathML(fancy_error=False)
_AT = re.compile(r"(\d+): (.*)", re.DOTALL)  # how the converter begins a message: with the place, counted in characters
_NAMED = re.compile(r"&(?!(?:lt|gt|amp|quot|apos);)[A-Za-z]\w*;")  # HTML knows these characters by name, XML does not
_OPENING, _CLOSING = frozenset("([{⟨⌊⌈‖"), frozenset(")]}⟩⌋⌉‖")
_RELATIONS = frozenset("=≈≠≤≥<>∼∝→:∈⊂")
_SIGNS = frozenset("+−±")
_WIDE_EM = 1.0  # a space as wide as this stands between two formulas
_LONG = 14  # signs and names: a formula of no more stays in one piece


class FormulaError(Exception):
    """A formula that cannot be read. `line` counts from 0, within the formula."""

    def __init__(self, line: int, why: str) -> None:
        super().__init__(why)
        self.line = line


def mathml(latex: str, *, display: bool) -> str:
    """A formula as a `<math>` element, in a line of its own (`display`) or within one. Raises `FormulaError`.

    A command that is not known is an error, not shown as it is written.
    """
    try:
        return _CONVERTER.convert_with_local_state(latex, displaystyle=display)
    except LatexError as error:
        found = _AT.fullmatch(str(error))
        at, why = (int(found[1]), found[2]) if found else (0, str(error))
        raise FormulaError(latex.count("\n", 0, at), why) from None


def statements(formula: str) -> list[list[str]]:
    """A long `<math>` element as several, side by side, between which a line may end; a short one as it is.

    Browsers end no line within a formula, and a phone is narrow. So each statement, up to a wide space, comes in
    pieces: a new one begins before each relation, and before each sign between two terms, that is in no bracket.
    """
    root = ElementTree.fromstring(_NAMED.sub(lambda name: unescape(name[0]), formula))
    if sum(not len(part) for part in root.iter()) <= _LONG:
        return [[formula]]
    found: list[list[list[ElementTree.Element]]] = [[[]]]
    depth = 0
    for part in root:
        sign, form = (part.text or "") if part.tag == "mo" else "", part.get("form", "")
        if found[-1][-1] and not depth and _begins_a_piece(part, sign):
            found[-1].append([])
        depth += (sign in _OPENING and form != "postfix") or form == "prefix"
        depth -= depth > 0 and ((sign in _CLOSING and form != "prefix") or form == "postfix")
        found[-1][-1].append(part)
        if not depth and part.tag == "mspace" and _width_em(part) >= _WIDE_EM:
            found.append([[]])
    cut = [[_piece(parts, root) for parts in statement if parts] for statement in found if statement != [[]]]
    return cut if len(cut) > 1 or len(cut[0]) > 1 else [[formula]]


def _begins_a_piece(part: ElementTree.Element, sign: str) -> bool:
    """Of signs only those between two terms, which have space around them."""
    return sign in _RELATIONS or (sign in _SIGNS and part.get("lspace") != "0")


def _width_em(space: ElementTree.Element) -> float:
    width = space.get("width", "0em")
    return float(width.removesuffix("em")) if width.endswith("em") else 0.0


def _piece(parts: list[ElementTree.Element], root: ElementTree.Element) -> str:
    math = ElementTree.Element("math", {"displaystyle": "true"} if root.get("display") == "block" else {})
    math.extend(parts)
    if parts[0].tag == "mo" and "form" not in parts[0].attrib:
        parts[0].set("form", "infix")  # at the beginning it would be taken for a sign before a number
    return ElementTree.tostring(math, encoding="unicode")
