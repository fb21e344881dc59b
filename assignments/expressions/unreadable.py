"""What a student is told about an expression that cannot be read."""

SHOWN = 20  # characters of the student's text that a message quotes
_BEFORE = 8  # how many of these stand in front of the fault


class Unreadable(Exception):
    """An expression cannot be read. The text is for the student: what, where, and what to try."""


def quoted(text: str, start: int, end: int) -> str:
    """A piece of the text in backticks, cut in its middle if it is long. It can be printed anywhere."""
    piece = text[start:end].strip()
    if len(piece) > SHOWN:
        piece = piece[: SHOWN // 2] + "..." + piece[3 - SHOWN // 2 :]
    return f"`{_printable(piece)}`"


def place(text: str, start: int) -> str:
    """Where `start` lies in the text, as words for the end of a sentence: " (near `2 + * b`)"."""
    begin = max(0, start - _BEFORE)
    return f" (near `{_printable(text[begin : begin + SHOWN].strip())}`)"


def _printable(piece: str) -> str:
    piece = " ".join(piece.replace("`", "'").split())
    return "".join(letter if letter.isprintable() else "?" for letter in piece)
