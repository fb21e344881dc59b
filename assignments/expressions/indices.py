"""Indices where LaTeX sees them: `\\tau^2_K` is `\\tau_K^2`, and `\\tau_Kx` is `\\tau_K x`."""

from collections.abc import Iterator

from naming import Names, begins_cluster
from scanning import Piece, closing, scan
from unreadable import Unreadable, quoted


def indices_first(pieces: list[Piece], names: Names, text: str) -> list[Piece]:
    """The same pieces, with each index right behind its letter and no longer than it is.

    Raises:
        Unreadable: In `x^a_1` the index may belong to either letter.
    """
    return list(_shortened(list(_moved(pieces, text)), names, text))


def _moved(pieces: list[Piece], text: str) -> Iterator[Piece]:
    """`\\tau^2_K` is `\\tau_K^2`: LaTeX takes the index and the power in either order."""
    at = 0
    while at < len(pieces):
        yield pieces[at]
        at += 1
        power_ends = _power_ends(pieces, at) if begins_cluster(pieces[at - 1]) else at
        if power_ends > at:
            index_ends = _index_ends(pieces, power_ends)
            if index_ends > power_ends and pieces[power_ends - 1].kind in ("word", "greek"):
                spelled = quoted(text, pieces[at - 1].start, pieces[index_ends - 1].end)
                raise Unreadable(f"{spelled} can be read in two ways. Put the power into braces, as in `x^{{a_1}}`.")
            yield from pieces[power_ends:index_ends]
            if index_ends > power_ends:
                yield from pieces[at:power_ends]
                at = index_ends


def _power_ends(pieces: list[Piece], at: int) -> int:
    """Where a power at piece number `at` ends, if it is a brace or a single digit or letter; else `at`."""
    kinds = [piece.kind for piece in pieces[at : at + 2]]
    if kinds[:1] == ["superscript"]:
        return at + 1
    if kinds == ["^", "begin"]:
        return min(closing(pieces, at + 1) + 1, len(pieces))
    short = kinds in (["^", "number"], ["^", "word"], ["^", "*"]) and len(pieces[at + 1].text) == 1
    return at + 2 if short or kinds == ["^", "greek"] else at


def _index_ends(pieces: list[Piece], at: int) -> int:
    kinds = [piece.kind for piece in pieces[at : at + 2]]
    if kinds[:1] == ["subscript"]:
        return at + 1
    if kinds == ["_", "begin"]:
        return min(closing(pieces, at + 1) + 1, len(pieces))
    return at + 2 if kinds in (["_", "number"], ["_", "word"], ["_", "greek"]) else at


def _shortened(pieces: list[Piece], names: Names, text: str) -> Iterator[Piece]:
    """Without braces an index is one letter, unless a longer one makes the name of a symbol."""
    for number, piece in enumerate(pieces):
        long = piece.kind == "word" and piece.end - piece.start == len(piece.text) > 1
        if number < 2 or not long or pieces[number - 1].kind != "_":
            yield piece
            continue
        base = pieces[number - 2].text
        if base + piece.text in names or base + piece.text[0] not in names:
            yield piece
            continue
        yield Piece("word", piece.text[0], piece.start, piece.start + 1)
        yield from scan(text, piece.start + 1, piece.end)
