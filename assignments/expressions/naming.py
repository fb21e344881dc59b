"""Which symbol a student's spelling means: `s1`, `s_1`, `s_{1}`; `tau_K`, `\\tau_{K}`, `τ_K`; `\\hat{\\phi}`, `phihat`.

Every spelling comes down to a key: the letter, then its accent, its index and its star, without signs between. A
symbol's keys are its name and the key of its LaTeX.
"""

import difflib
import functools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import letters
from scanning import Piece, closing, scan
from tree import Tree
from unreadable import Unreadable, place, quoted

if TYPE_CHECKING:
    from declared import Answer

ACCENTS = {
    **{"hat": "hat", "widehat": "hat", "bar": "bar", "overline": "bar", "tilde": "tilde", "widetilde": "tilde"},
    **{"dot": "dot", "vec": "vec"},
}
RESERVED = re.compile(r"(?:log|ln|exp|sqrt)[0-9]*|pi")  # what no symbol may be called
_TWINS = {"nu": "v", "omega": "w", "rho": "p", "kappa": "k", "chi": "x", "upsilon": "u", "iota": "i"}  # look alike
_ALIKE = 0.7  # from here on two words are one and the same with a slip
OPERATIONS = "+ - * / ^, sqrt, log, exp and pi"


@dataclass(frozen=True, slots=True)
class Cluster:
    """A letter or word with what hangs on it. It ends before piece number `stop`.

    `word` may be several symbols side by side (`wm`) unless `whole`; `hanging` belongs to the last of them.
    """

    word: str
    hanging: str
    whole: bool
    stop: int

    @property
    def key(self) -> str:
        return letters.VARIANTS.get(self.word, self.word) + self.hanging


def cluster(pieces: list[Piece], at: int, text: str) -> Cluster:
    """The cluster that begins at piece number `at`, which is a word, a Greek letter or an accent."""
    first = pieces[at]
    if first.kind == "command":
        inner, stop = _accented(pieces, at, text)
        word, hanging, whole = inner + ACCENTS[first.text], "", True
    else:
        word, hanging, whole, stop = first.text, "", first.kind == "greek", at + 1
    seen: set[str] = set()
    while stop < len(pieces):
        found, after = _hanging(pieces, stop, text)
        if not found or pieces[stop].kind in seen:
            break
        seen.add(pieces[stop].kind)
        hanging, stop = hanging + found, after
    return Cluster(word, hanging, whole, stop)


def key_of_latex(latex: str) -> str:
    """The key of a symbol's LaTeX, as in the declaration. Raises Unreadable if that is not one symbol."""
    pieces = scan(latex, 0, len(latex))
    if not pieces or not begins_cluster(pieces[0]):
        raise Unreadable(f"`{latex}` is not one symbol.")
    found = cluster(pieces, 0, latex)
    if found.stop != len(pieces):
        raise Unreadable(f"`{latex}` is not one symbol.")
    return found.key


def begins_cluster(piece: Piece) -> bool:
    return piece.kind in ("word", "greek") or (piece.kind == "command" and piece.text in ACCENTS)


def _accented(pieces: list[Piece], at: int, text: str) -> tuple[str, int]:
    """What stands under an accent, and where the accent ends."""
    after = at + 1
    if after < len(pieces) and pieces[after].kind == "begin":
        inside = after + 1
        if inside < len(pieces) and pieces[inside].kind in ("word", "greek"):
            found = cluster(pieces, inside, text)
            if found.stop < len(pieces) and pieces[found.stop].kind == "end":
                return found.key, found.stop + 1
    elif after < len(pieces):
        piece = pieces[after]
        if piece.kind == "greek" or (piece.kind == "word" and len(piece.text) == 1):
            return piece.text, after + 1
    accent, where = pieces[at].text, place(text, pieces[at].start)
    raise Unreadable(f"`\\{accent}` needs one symbol in braces, as in `\\{accent}{{x}}`{where}.")


def _hanging(pieces: list[Piece], at: int, text: str) -> tuple[str, int]:
    """An index or a star at piece number `at`, as a part of the key, and where it ends; ("", at) if there is none."""
    piece, after = pieces[at], at + 1
    if piece.kind == "subscript":
        return piece.text, after
    if piece.kind == "_":
        return _index(pieces, at, text)
    if piece.kind == "^":
        inside = [(part.kind, part.text) for part in pieces[after : after + 3]]
        if inside[:1] in ([("*", "*")], [("command", "star")]):
            return "star", after + 1
        if len(inside) == 3 and inside[0][0] == "begin" and inside[2][0] == "end":
            return ("star", after + 3) if inside[1] in (("*", "*"), ("command", "star")) else ("", at)
    return "", at


def _index(pieces: list[Piece], at: int, text: str) -> tuple[str, int]:
    inside = pieces[at + 1 : at + 2]
    stop = at + 2
    if inside and inside[0].kind == "begin":
        close = closing(pieces, at + 1)
        inside, stop = pieces[at + 2 : close], close + 1
    known = all(piece.kind in ("word", "greek", "*") or piece.text.isdecimal() for piece in inside)
    if not inside or not known or stop > len(pieces):
        where = place(text, pieces[at].start)
        raise Unreadable(f"The index behind `_` is not read here{where}. Write it as in `s_{{1}}`.")
    return "".join("star" if piece.kind == "*" else piece.text for piece in inside), stop


class Names:
    """The declared symbols of one answer, by all their spellings. Make it with `names_of`."""

    def __init__(self, answer: "Answer") -> None:
        self.symbols = tuple(symbol.name for symbol in answer.symbols)
        keys = {key: symbol.name for symbol in answer.symbols for key in keys_of(symbol.name, symbol.latex)}
        self._meanings: dict[str, Tree] = {key: ("symbol", name) for key, name in keys.items()}
        self._meanings = {"pi": ("pi",), "e": ("e",)} | self._meanings  # e is Euler's number unless it is declared
        self._longest = max(map(len, self._meanings))

    def __contains__(self, key: str) -> bool:
        return key in self._meanings

    def meaning(self, found: Cluster, text: str, start: int, end: int) -> list[Tree]:
        """The symbols, or constants, that a cluster means: several for `wm`.

        Raises:
            Unreadable: It is none, or it can be split in several ways. `start` and `end` say where it stands.
        """
        if found.key in self._meanings:
            return [self._meanings[found.key]]
        ways, parts = (0, []) if found.whole else self._split(found.word, found.hanging)
        if ways == 1:
            return parts
        if ways > 1:
            spelled = quoted(text, start, end)
            raise Unreadable(f"{spelled} can be read as a product in more than one way. Write * between the symbols.")
        raise self._unknown(found, text, start, end)

    def nearest(self, spelled: str) -> str:
        """The symbol that was probably meant, or an empty text."""
        plain = spelled.lower()
        near: list[tuple[float, str]] = []
        for name in self.symbols:
            lower = name.lower()
            if lower == plain or name == _TWINS.get(spelled) or spelled == _TWINS.get(name):
                return name
            likeness = difflib.SequenceMatcher(None, plain, lower).ratio()
            if likeness > _ALIKE or plain.startswith(lower) or lower.startswith(plain):
                near.append((likeness, name))
        return max(near)[1] if near else ""

    def allowed(self) -> str:
        """A sentence that lists the symbols."""
        if not self.symbols:
            return f"This answer has no symbols. Allowed are numbers with {OPERATIONS}."
        return f"Allowed are: {', '.join(self.symbols)}."

    def _unknown(self, found: Cluster, text: str, start: int, end: int) -> Unreadable:
        nearest = found.word if found.word in self.symbols else self.nearest(found.key)
        guess = f" Did you mean {nearest}?" if nearest else ""
        digits = found.key.removeprefix(nearest)
        if digits.isdecimal():
            guess = f" Write {nearest}^{digits} for a power and {digits}*{nearest} for a product."
        return Unreadable(f"{quoted(text, start, end)} is not a symbol of this answer.{guess} {self.allowed()}")

    def _split(self, word: str, hanging: str) -> tuple[int, list[Tree]]:
        """In how many ways (at most 2) a word is a row of names whose last one has the index, and one of the ways."""
        whole = word + hanging
        ways = [1] + [0] * len(whole)
        last = [0] * (len(whole) + 1)
        for end in range(1, len(whole) + 1):
            if len(word) < end < len(whole):
                continue
            for begin in range(max(0, end - self._longest), min(end, len(word))):
                if ways[begin] and whole[begin:end] in self._meanings:
                    ways[end] = min(2, ways[end] + ways[begin])
                    last[end] = begin
        parts: list[Tree] = []
        end = len(whole)
        while ways[-1] and end:
            parts.insert(0, self._meanings[whole[last[end] : end]])
            end = last[end]
        return ways[-1], parts


def keys_of(name: str, latex: str) -> set[str]:
    """All keys of a symbol."""
    return {letters.VARIANTS.get(name, name), name, key_of_latex(latex)}


@functools.lru_cache(maxsize=256)
def names_of(answer: "Answer") -> Names:
    return Names(answer)
