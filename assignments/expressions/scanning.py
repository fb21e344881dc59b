"""From characters to pieces: numbers, words, commands, brackets and signs, each with its place in the text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import letters
from unreadable import Unreadable, place, quoted


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of the text from `start` to `end`.

    Kinds: number, word, greek (`text` is the letter's English name), command (without its backslash), superscript and
    subscript (digits), open and close (of round and square brackets and of `\\{`), begin and end (of `{ }`), and the
    signs + - * / ^ _, whose kind is the sign itself.
    """

    kind: str
    text: str
    start: int
    end: int


_PIECES = re.compile(
    r"""
    (?P<space> (?: \s | ~ | \\[,;:!>\s] | \\(?:quad|qquad|displaystyle|textstyle|thinspace)(?![A-Za-z]) )+ )
    | \\(?:mathrm|mathit|text|textrm|textit|operatorname) \s* \{ \s* (?P<named> [A-Za-z][A-Za-z0-9]* ) \s* \}
    | (?P<size> \\(?:left|right|[bB]igg?[lrm]?)(?![A-Za-z]) )
    | \\(?P<command> [A-Za-z]+ )
    | (?P<brace> \\[{}] )
    | (?P<number> [0-9]+(?:\.[0-9]+)? | \.[0-9]+ )
    | (?P<word> [A-Za-z][A-Za-z0-9]* )
    | (?P<power> \*\* )
    | \\(?P<escaped> [_*] )  # as Markdown needs them
    | (?P<superscript> [⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+ )
    | (?P<subscript> [₀₁₂₃₄₅₆₇₈₉]+ )
    | (?P<letter> . )
    """,
    re.VERBOSE | re.DOTALL,
)
_SCIENTIFIC = re.compile(r"[eE][+-]?[0-9]+")
_DECIMAL_COMMA = re.compile(r"(?:,|\{,\})[0-9]")
_SIGN_COMMANDS = {"cdot": "*", "times": "*", "ast": "*", "div": "/"}
_BRACKETS = {
    **{"(": ("open", "("), ")": ("close", "("), "[": ("open", "["), "]": ("close", "[")},
    **{"{": ("begin", "{"), "}": ("end", "{"), r"\{": ("open", r"\{"), r"\}": ("close", r"\{")},
    **{
        r"\lbrack": ("open", "["),
        r"\rbrack": ("close", "["),
        r"\lbrace": ("open", r"\{"),
        r"\rbrace": ("close", r"\{"),
    },
}


def scan(text: str, start: int, end: int) -> list[Piece]:
    """The pieces of the text between two places, without what is only space.

    Raises:
        Unreadable: At a character that is never read, and at a number in a spelling that could mislead.
    """
    pieces: list[Piece] = []
    size: re.Match[str] | None = None  # a \left or \big that still waits for its bracket
    for match in _matches(text, start, end):
        if match.lastgroup == "space":
            continue
        if match.lastgroup == "size" and size is None:
            size = match
            continue
        piece = _piece(match, text)
        if size is not None and piece.kind not in ("open", "close"):
            raise _no_bracket(size, text)
        size = None
        if piece.kind == "number":
            _check_number(piece, pieces, text)
        pieces.append(piece)
    if size is not None:
        raise _no_bracket(size, text)
    return pieces


def closing(pieces: list[Piece], at: int) -> int:
    """The number of the piece that closes the brace at `at`, or how many pieces there are."""
    depth = 0
    for number in range(at, len(pieces)):
        depth += {"begin": 1, "end": -1}.get(pieces[number].kind, 0)
        if depth == 0:
            return number
    return len(pieces)


def _matches(text: str, start: int, end: int) -> Iterator[re.Match[str]]:
    while start < end:
        match = _PIECES.match(text, start, end)
        assert match is not None  # the last alternative takes any character
        yield match
        start = match.end()


def _piece(match: re.Match[str], text: str) -> Piece:
    kind, found, start, end = str(match.lastgroup), match.group(), match.start(), match.end()
    if found in _BRACKETS:
        return Piece(*_BRACKETS[found], start, end)
    match kind:
        case "named":
            return Piece("word", match["named"], start, end)
        case "command":
            return _command(match["command"], start, end)
        case "number":
            return Piece("number", f"0{found}" if found.startswith(".") else found, start, end)
        case "power":
            return Piece("^", "**", start, end)
        case "escaped":
            return Piece(match["escaped"], match["escaped"], start, end)
        case "superscript" | "subscript":
            return Piece(kind, _digits(found), start, end)
        case "letter":
            return _letter(text, start)
    return Piece(kind, found, start, end)


def _command(name: str, start: int, end: int) -> Piece:
    if name in _SIGN_COMMANDS:
        return Piece(_SIGN_COMMANDS[name], _SIGN_COMMANDS[name], start, end)
    greek = letters.VARIANTS.get(name, name)
    return Piece("greek", greek, start, end) if greek in letters.GREEK_NAMES else Piece("command", name, start, end)


def _letter(text: str, start: int) -> Piece:
    letter = text[start]
    if letter in letters.SIGNS:
        return Piece(letters.SIGNS[letter], letters.SIGNS[letter], start, start + 1)
    if letter in letters.GREEK_LETTERS:
        return Piece("greek", letters.GREEK_LETTERS[letter], start, start + 1)
    if letter == "√":
        return Piece("command", "sqrt", start, start + 1)
    raise letters.refuse(text, start)


def _digits(raised: str) -> str:
    """Plain digits for small ones, with a minus if there is one."""
    plain = str.maketrans(letters.SUPERSCRIPTS + letters.SUBSCRIPTS + "⁻⁺", "01234567890123456789-+")
    return raised.translate(plain).removeprefix("+")


def _check_number(piece: Piece, before: list[Piece], text: str) -> None:
    if _DECIMAL_COMMA.match(text, piece.end):
        raise Unreadable(f"A comma is not read inside a number{place(text, piece.start)}. Write a point, as in 0.5.")
    below = bool(before) and before[-1].kind == "_"
    scientific = _SCIENTIFIC.match(text, piece.end)
    if scientific and not below:
        both = quoted(text, piece.start, scientific.end())
        raise Unreadable(f"{both} can be read in two ways. Write 2*10^(-3) for a power of ten, and * beside a symbol.")


def _no_bracket(size: re.Match[str], text: str) -> Unreadable:
    return Unreadable(
        f"Behind `{size.group()}` there is no bracket that is read here{place(text, size.start())}. "
        "Use ( ), [ ] or \\{ \\}."
    )
