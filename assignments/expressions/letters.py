"""The characters of an expression: Greek letters, signs, and letters that only look like what they should be."""

import unicodedata
from collections.abc import Iterator

from unreadable import Unreadable, place

MOST_CHARACTERS = 2_000
MOST_NESTED = 40

_SMALL = (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigma tau upsilon phi chi"
)
_SMALL_NAMES = (*_SMALL.split(), "psi", "omega")
_LARGE_NAMES = ("Gamma", "Delta", "Theta", "Lambda", "Xi", "Pi", "Sigma", "Upsilon", "Phi", "Psi", "Omega")

GREEK_NAMES = frozenset(_SMALL_NAMES) | frozenset(_LARGE_NAMES)
VARIANTS = {"varepsilon": "epsilon", "vartheta": "theta", "varphi": "phi", "varrho": "rho", "varsigma": "sigma"}
GREEK_LETTERS = {
    **dict(zip("αβγδεζηθικλμνξοπρστυφχψω", _SMALL_NAMES, strict=True)),
    **dict(zip("ΓΔΘΛΞΠΣΥΦΨΩ", _LARGE_NAMES, strict=True)),
    **{"ϵ": "epsilon", "ϑ": "theta", "ϕ": "phi", "ϱ": "rho", "ς": "sigma", "µ": "mu"},
}
del GREEK_LETTERS["ο"]  # an omicron cannot be told from the letter o

SIGNS = {
    **{"+": "+", "-": "-", "−": "-", "–": "-"},
    **{"*": "*", "·": "*", "⋅": "*", "×": "*", "∗": "*", "/": "/", "÷": "/", "∕": "/", "⁄": "/"},
    **{"^": "^", "_": "_"},
}
SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹"
SUBSCRIPTS = "₀₁₂₃₄₅₆₇₈₉"

_LATIN_ALIKE = {
    **dict(zip("АВЕЗКМНОРСТУХаеорсухіјѕԁԛԝһ", "ABE3KMHOPCTYXaeopcyxijsdqwh", strict=True)),
    **dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΧο", "ABEZHIKMNOPTXo", strict=True)),
    **dict(zip("ɑɡıℓ", "agil", strict=True)),
}
_ADVICE = {
    "!": "Factorials are not read here.",
    ",": "For a decimal number write a point, as in 0.5. Give one expression only.",
    ".": "A point is read only inside a number and at the very end.",
    ";": "Give one expression only.",
    ":": "For a quotient write /.",
    "<": "Give an expression, not an inequality.",
    ">": "Give an expression, not an inequality.",
    "|": "For log |x| of a positive x write log(x). Absolute values are not read here.",
    "&": "Write the answer in one line.",
    "%": "Write 0.05 for 5 percent. Comments are not read here.",
    "'": "A symbol has no prime here.",
    "$": "Put dollar signs only around the whole expression.",
    "\\": "Behind a backslash the name of a command must stand. Write the answer in one line.",
    "#": "Macros are not read here. Write everything out.",
}
_UNSEEN = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")


def check(text: str) -> None:
    """Refuse a text that is too long, nested too deeply, or has characters that cannot be seen."""
    if len(text) > MOST_CHARACTERS:
        raise Unreadable(f"The expression has {len(text):,} characters. At most {MOST_CHARACTERS:,} are read.")
    if max(_depths(text), default=0) > MOST_NESTED:
        raise Unreadable(f"Brackets are nested more than {MOST_NESTED} deep. Write the expression more simply.")
    for start, letter in enumerate(text):
        if unicodedata.category(letter) in _UNSEEN and letter not in "\n\r\t":
            where = place(text, start)
            raise Unreadable(f"A character that cannot be seen, {_code(letter)}, is in the text{where}. Delete it.")


def refuse(text: str, start: int) -> Unreadable:
    """Why the character at `start` is not read."""
    letter, where = text[start], place(text, start)
    alike = _LATIN_ALIKE.get(letter) or _normal(letter)
    if alike:
        return Unreadable(
            f"`{letter}` is the character {_name(letter)}. It only looks like `{alike}`{where}. Type `{alike}` instead."
        )
    shown = "'`'" if letter == "`" else f"`{letter}`"
    named = "" if letter.isascii() else f", the character {_name(letter)},"
    return Unreadable(f"{shown}{named} is not read here{where}. {_ADVICE.get(letter, 'Write the answer without it.')}")


def _depths(text: str) -> Iterator[int]:
    depth = 0
    for letter in text:
        if letter in "([{":
            depth += 1
        elif letter in ")]}":
            depth = max(0, depth - 1)
        yield depth


def _normal(letter: str) -> str:
    """The plain character that a decorated one stands for, as x for a mathematical or a full-width x; else ""."""
    plain = unicodedata.normalize("NFKC", letter)
    known = len(plain) == 1 and plain != letter and (plain in GREEK_LETTERS or ("!" <= plain <= "~"))
    return plain if known else ""


def _name(letter: str) -> str:
    return f"{unicodedata.name(letter, 'without a name')} ({_code(letter)})"


def _code(letter: str) -> str:
    return f"U+{ord(letter):04X}"
