"""Names of functions, with what stands between a name and its argument: `\\log_2`, `\\log^2`, `\\sqrt[3]`, `log2`.

Behind this step the pieces have five more kinds: function and root, and, right behind them, base, raised and index.
"""

import advice
from scanning import Piece, scan
from unreadable import Unreadable, place, quoted

FUNCTIONS = ("log", "ln", "exp", "sqrt")
RAISED = ("^", "superscript")
_DIGITS = "0123456789"
_OPENING = ("open", "begin")


def with_functions(pieces: list[Piece], text: str) -> tuple[list[Piece], list[str]]:
    """The pieces with functions found, and notes on how they were read.

    Raises:
        Unreadable: A base, a power or an index of a root is not read, or `log2(x)` could mean two things.
    """
    waiting = list(pieces)
    found: list[Piece] = []
    notes: list[str] = []
    at = 0
    while at < len(waiting):
        piece = waiting[at]
        name = piece.text.rstrip(_DIGITS)
        if piece.kind not in ("word", "command") or name not in FUNCTIONS:
            found.append(piece)
            at += 1
            continue
        if piece.text != name:
            waiting[at : at + 1] = _without_digits(piece, name, waiting[at + 1 : at + 2], text)
            piece = waiting[at]
        if name == "sqrt":
            more, at = _root(waiting, at, text)
        else:
            more, at = _logarithm(waiting, at, text)
        found += more
        notes += [
            f"The logarithm with base {p.text} was read as log(x)/log({p.text})." for p in more if p.kind == "base"
        ]
    return found, notes


def is_written_in_latex(piece: Piece, text: str) -> bool:
    return text[piece.start] == "\\"


def _without_digits(piece: Piece, name: str, following: list[Piece], text: str) -> list[Piece]:
    """`log2` is the logarithm of 2; but `log2(x)` is refused, because it is often meant as a base."""
    opened = bool(following) and following[0].kind in _OPENING
    if opened or name == "sqrt" or piece.end - piece.start != len(piece.text):
        digits = piece.text[len(name) :]
        base = f" or log_{digits}(x) for the logarithm with base {digits}" if name == "log" else ""
        spelled, where = quoted(text, piece.start, piece.end), place(text, piece.start)
        raise Unreadable(f"{spelled} can be read in two ways{where}. Write {name}({digits})*x for a product{base}.")
    first = Piece("word", name, piece.start, piece.start + len(name))
    return [first, *scan(text, first.end, piece.end)]


def _root(pieces: list[Piece], at: int, text: str) -> tuple[list[Piece], int]:
    name, following = pieces[at], pieces[at + 1 : at + 5]
    kinds = [piece.kind for piece in following]
    if name.kind == "word" and not (kinds and kinds[0] in _OPENING):
        raise Unreadable(f"Behind `sqrt` there must be brackets{place(text, name.start)}. Write sqrt(x).")
    root = Piece("root", name.text, name.start, name.end)
    square = bool(following) and following[0].text == "["
    indexed = kinds[:3] == ["open", "number", "close"] and kinds[3:] in (["open"], ["begin"])
    if not square or not (is_written_in_latex(name, text) or indexed):
        return [root], at + 1
    index = following[1] if kinds[1:3] == ["number", "close"] else name
    if not index.text.isdecimal() or len(index.text) > 2 or int(index.text) < 2:
        where = place(text, name.start)
        raise Unreadable(f"A root needs a whole number from 2 to 99{where}. Write it as in \\sqrt[3]{{x}}.")
    return [root, Piece("index", index.text, index.start, index.end)], at + 4


def _logarithm(pieces: list[Piece], at: int, text: str) -> tuple[list[Piece], int]:
    """A logarithm or exponential with its base and its power, which may come in either order."""
    name = pieces[at]
    marks: dict[str, Piece] = {}
    at += 1
    while at < len(pieces) and pieces[at].kind in ("_", "subscript", *RAISED):
        kind = "raised" if pieces[at].kind in RAISED else "base"
        number, stop = _small_number(pieces, at)
        allowed = number.isdecimal() and len(number) <= 4 and int(number) >= (1 if kind == "raised" else 2)
        if kind in marks or not allowed or (kind == "base" and name.text != "log"):
            spelled, where = quoted(text, name.start, name.end), place(text, name.start)
            tried = advice.BASE if kind == "base" else f"Write it as in ({name.text}(x))^2."
            raise Unreadable(f"The {'index' if kind == 'base' else 'power'} of {spelled} is not read{where}. {tried}")
        marks[kind] = Piece(kind, number, pieces[at].start, pieces[stop - 1].end)
        at = stop
    function = Piece("function", name.text, name.start, name.end)
    return [function, *(marks[kind] for kind in ("base", "raised") if kind in marks)], at


def _small_number(pieces: list[Piece], at: int) -> tuple[str, int]:
    """The number behind `_` or `^`, with or without braces, and where it ends."""
    if pieces[at].kind in ("subscript", "superscript"):
        return pieces[at].text, at + 1
    inside = pieces[at + 1 : at + 4]
    if len(inside) == 3 and (inside[0].kind, inside[2].kind) == ("begin", "end"):
        return inside[1].text, at + 4
    return (inside[0].text, at + 2) if inside else ("", at + 1)
