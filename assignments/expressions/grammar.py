"""The grammar, and the tree that it makes.

Its words carry the declaration: `naming` makes a SYMBOL only of what the answer declares. So one grammar, which takes
30 ms to build, serves all answers. No symbol is a function: `b(x)` can only be a product.

Any factor may follow a `closed` product. An `open` one ends with a function without brackets, whose argument has taken
all factors that could follow; so only another function may.
"""

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from lark import Lark, Token, Transformer, UnexpectedToken, v_args
from letters import MOST_NESTED
from tree import Tree
from unreadable import Unreadable, place, quoted

Word = Token
MOST_REMARKS = 8

_RULES = """
?start: sum
?sum: signed | sum PLUS signed -> added | sum MINUS signed -> subtracted
?signed: product | MINUS signed -> negated | PLUS signed -> kept
?product: closed | open

?closed: first
       | product TIMES signed_closed -> times
       | product SLASH signed_closed -> over
       | closed follower -> beside
       | open called -> beside
?open: bare
     | product TIMES signed_open -> times
     | product SLASH signed_open -> over
     | closed bare -> beside
     | open bare -> beside
?signed_closed: first | MINUS signed_closed -> negated | PLUS signed_closed -> kept
?signed_open: bare | MINUS signed_open -> negated | PLUS signed_open -> kept

?first: number | number POWER exponent -> power | follower
?follower: atom | atom POWER exponent -> power | called
?exponent: number | atom | called
         | number POWER exponent -> tower | atom POWER exponent -> tower
         | MINUS exponent -> negated | PLUS exponent -> kept

called: head OPEN sum CLOSE -> called_on_group | head BEGIN sum END -> called_on_group | head called
bare: head argument | head bare
head: FUNCTION [BASE] [RAISED]
?argument: number | number POWER exponent -> power | loose | loose POWER exponent -> power | argument next -> beside
?next: atom | atom POWER exponent -> power

?atom: loose | OPEN sum CLOSE -> group | BEGIN sum END -> group
?loose: symbol | PI -> constant | EULER -> constant | root | fraction
fraction: FRACTION BEGIN sum END BEGIN sum END
root: ROOT [INDEX] BEGIN sum END | ROOT [INDEX] OPEN sum CLOSE
number: NUMBER
symbol: SYMBOL

%declare PLUS MINUS TIMES SLASH POWER OPEN CLOSE BEGIN END
%declare FRACTION ROOT INDEX FUNCTION BASE RAISED NUMBER PI EULER SYMBOL
"""


@dataclass(frozen=True, slots=True)
class Remark:
    """A doubtful spelling from `start` to `end`, the tree that it was read as, and another that may be meant."""

    start: int
    end: int
    read_as: Tree
    otherwise: Tree | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the expression that has been read.

    `ending` says what its last factor is: "over" behind a division, "bare" for a function without brackets, "tower"
    for a power in a power, or "".
    """

    tree: Tree
    start: int
    end: int
    depth: int = 1
    ending: str = ""
    remarks: tuple[Remark, ...] = ()


def word_of(kind: str, value: str, start: int, end: int) -> Word:
    return Token(kind, value, start_pos=start, end_pos=end)


def parse(words: Sequence[Word], text: str) -> Part:
    """The tree of a row of words, with remarks.

    Raises:
        Unreadable: The words make no expression, or one that is nested too deeply.
    """
    state = _parser().parse_interactive()
    for number, word in enumerate(words):
        try:
            state.feed_token(word)
        except UnexpectedToken:
            raise _misplaced(words, number, text) from None
    try:
        return state.feed_eof()
    except UnexpectedToken:
        raise _misplaced(words, len(words), text) from None


@functools.cache
def _parser() -> Lark:
    return Lark(_RULES, parser="lalr", transformer=_Trees(), maybe_placeholders=True)


@dataclass(frozen=True, slots=True)
class _Function:
    """A function's name with its base and its power, before it has an argument."""

    name: Word
    base: Word | None
    raised: Word | None

    def of(self, argument: Part, end: int, ending: str = "") -> Part:
        tree: Tree = ("exp" if self.name == "exp" else "log", argument.tree)
        if self.base is not None:
            tree = ("quotient", tree, ("log", ("number", str(self.base))))
        if self.raised is not None:
            tree = ("power", tree, ("number", str(self.raised)))
        levels = 1 + (self.base is not None) + (self.raised is not None)
        return _part(tree, self.name.start_pos, end, argument, levels=levels, ending=ending)


@v_args(inline=True)
class _Trees(Transformer[Token, Part]):
    """What each rule makes of its parts. It keeps no state, so that one parser serves all texts."""

    def number(self, word: Word) -> Part:
        return _leaf(("number", str(word)), word)

    def symbol(self, word: Word) -> Part:
        return _leaf(("symbol", str(word)), word)

    def constant(self, word: Word) -> Part:
        return _leaf(("pi",) if word.type == "PI" else ("e",), word)

    def group(self, opening: Word, inside: Part, closing: Word) -> Part:
        return _part(inside.tree, opening.start_pos, closing.end_pos, inside, levels=0)

    def added(self, left: Part, _: Word, right: Part) -> Part:
        return _joined("sum", left, right)

    def subtracted(self, left: Part, _: Word, right: Part) -> Part:
        return _joined("sum", left, _negative(right, right.start))

    def negated(self, sign: Word, part: Part) -> Part:
        return _negative(part, sign.start_pos)

    def kept(self, sign: Word, part: Part) -> Part:
        return _part(part.tree, sign.start_pos, part.end, part, levels=0, ending=part.ending)

    def times(self, left: Part, _: Word, right: Part) -> Part:
        product = _joined("product", left, right, ending=right.ending)
        return _remarked(product, product.tree) if _is_doubtful(left, right) else product

    def over(self, left: Part, _: Word, right: Part) -> Part:
        tree = ("quotient", left.tree, right.tree)
        quotient = _part(tree, left.start, right.end, left, right, ending=right.ending or "over")
        return _remarked(quotient, tree) if _is_doubtful(left, right) else quotient

    def beside(self, left: Part, right: Part) -> Part:
        product = _joined("product", left, right, ending=right.ending)
        if left.ending == "over":
            _, above, below = left.tree
            return _remarked(product, product.tree, ("quotient", above, ("product", below, right.tree)))
        return _remarked(product, product.tree) if _is_doubtful(left, right) else product

    def power(self, base: Part, _: Word, exponent: Part) -> Part:
        part = _part(("power", base.tree, exponent.tree), base.start, exponent.end, base, exponent)
        return _remarked(part, part.tree) if exponent.ending == "tower" else part

    def tower(self, base: Part, _: Word, exponent: Part) -> Part:
        return _part(("power", base.tree, exponent.tree), base.start, exponent.end, base, exponent, ending="tower")

    def fraction(self, command: Word, *others: Any) -> Part:
        above, below, closing = others[1], others[4], others[5]
        return _part(("quotient", above.tree, below.tree), command.start_pos, closing.end_pos, above, below)

    def root(self, command: Word, index: Word | None, _: Word, inside: Part, closing: Word) -> Part:
        tree = ("sqrt", inside.tree) if index in (None, "2") else ("root", ("number", str(index)), inside.tree)
        return _part(tree, command.start_pos, closing.end_pos, inside)

    def head(self, name: Word, base: Word | None, raised: Word | None) -> _Function:
        return _Function(name, base, raised)

    def called_on_group(self, function: _Function, _: Word, inside: Part, closing: Word) -> Part:
        return function.of(inside, closing.end_pos)

    def called(self, function: _Function, inside: Part) -> Part:
        return function.of(inside, inside.end)

    def bare(self, function: _Function, argument: Part) -> Part:
        part = function.of(argument, argument.end, ending="bare")
        return _remarked(part, part.tree) if argument.tree[0] == "product" and argument.ending != "bare" else part


def _leaf(tree: Tree, word: Word) -> Part:
    return Part(tree, word.start_pos, word.end_pos)


def _part(tree: Tree, start: int, end: int, *parts: Part, levels: int = 1, ending: str = "") -> Part:
    """A part that lies `levels` above the deepest of its parts."""
    depth = max(part.depth for part in parts) + levels
    if depth > MOST_NESTED:
        raise Unreadable(f"The expression is nested more than {MOST_NESTED} deep. Write it more simply.")
    remarks = tuple(remark for part in parts for remark in part.remarks)[:MOST_REMARKS]
    return Part(tree, start, end, depth, ending, remarks)


def _joined(kind: str, left: Part, right: Part, ending: str = "") -> Part:
    """A sum or product; one more term or factor if `left` is one already."""
    further = left.tree[0] == kind
    tree = (*left.tree, right.tree) if further else (kind, left.tree, right.tree)
    grown = _part(tree, left.start, right.end, left, right, ending=ending)
    if not further:
        return grown
    return Part(tree, left.start, right.end, max(left.depth, right.depth + 1), ending, grown.remarks)


def _negative(part: Part, start: int) -> Part:
    """-a; and a for -(-a)."""
    if part.tree[0] == "negative":
        return _part(part.tree[1], start, part.end, part, levels=0, ending=part.ending)
    return _part(("negative", part.tree), start, part.end, part, ending=part.ending)


def _is_doubtful(left: Part, right: Part) -> bool:
    """Whether a function's argument could be meant to go on. It could not in `\\log x \\log y`."""
    return left.ending == "bare" and right.tree[0] != "log"


def _remarked(part: Part, read_as: Tree, otherwise: Tree | None = None) -> Part:
    remarks = (*part.remarks, Remark(part.start, part.end, read_as, otherwise))[:MOST_REMARKS]
    return Part(part.tree, part.start, part.end, part.depth, part.ending, remarks)


_OPERATORS = ("PLUS", "MINUS", "TIMES", "SLASH", "POWER")
_OPENERS = ("OPEN", "BEGIN")


def _misplaced(words: Sequence[Word], number: int, text: str) -> Unreadable:
    """Why word number `number` cannot stand where it does."""
    before = words[number - 1] if number else None
    if number == len(words):
        if before is None:
            return Unreadable("There is no expression. Write a number or a formula.")
        behind = quoted(text, max(0, before.end_pos - 12), before.end_pos)
        return Unreadable(f"The expression ends too early, behind {behind}. Something is missing there.")
    word = words[number]
    spelled, where = quoted(text, word.start_pos, max(word.end_pos, word.start_pos + 1)), place(text, word.start_pos)
    if before is not None and before.type == "FUNCTION":
        name = quoted(text, before.start_pos, before.end_pos)
        return Unreadable(
            f"Behind {name} there must be its argument, not {spelled}{where}. Put the argument into brackets."
        )
    if word.type == "NUMBER" and before is not None and before.type not in (*_OPERATORS, *_OPENERS):
        return Unreadable(
            f"The number {spelled} has no sign in front of it{where}. Write * for a product or ^ for a power."
        )
    if before is None or before.type in (*_OPERATORS, *_OPENERS):
        return Unreadable(f"In front of {spelled} a number or a symbol is missing{where}.")
    return Unreadable(f"{spelled} cannot stand here{where}. Write brackets and * to make the meaning clear.")
