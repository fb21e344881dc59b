"""Text as the sequence of its words and numbers, so that a copy is known again however it is set.

White space, line ends, comment signs, quotes, brackets, operators and upper case do not count: a line of code that was
reformatted, commented out, quoted in JSON or put into a sentence has the words that it had.
"""

from __future__ import annotations

import re
import unicodedata

_WORD = re.compile(r"\d+(?:\.\d+)?(?:e[-+]?\d+)?|\w+")
_PREFIX = re.compile(r"\b[rbfu]{1,2}(?=[\"'])", re.IGNORECASE)  # of a string literal: no word of its text
_GROUPED = re.compile(r"(?<=\d)_(?=\d)")  # 2_000 is 2000


def words_of(text: str) -> list[str]:
    """The words and numbers of `text`, in lower case."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
        text = "".join(char for char in text if unicodedata.category(char) != "Cf")  # of no width
    text = _GROUPED.sub("", _PREFIX.sub("", text)).lower()
    return [word for found in _WORD.findall(text) if (word := found.strip("_"))]
