"""Text of strangers, made harmless to show: in a terminal, a report, a spreadsheet."""

from __future__ import annotations

import unicodedata


def clean(text: str, limit: int) -> str:
    """Capped; characters that control, change direction or separate become visible escapes, but for "\\n" and "\\t"."""
    shown = "".join(char if char in "\n\t" or not _hidden(char) else f"\\u{ord(char):04x}" for char in text[:limit])
    return shown if len(text) <= limit else shown[:limit] + " … (cut)"


def clean_line(text: str, limit: int) -> str:
    """`clean`, for what must stay on one line, such as a file's name in a message."""
    return clean(text, limit).replace("\n", "\\n").replace("\t", "\\t")


def _hidden(char: str) -> bool:
    category = unicodedata.category(char)
    return category.startswith("C") or category in ("Zl", "Zp")
