"""What needs a newer Python than the oldest that the course allows, which may be the one that grades.

Read off the source. Only what this Python understands can be found: with the oldest there is nothing to find.
"""

from __future__ import annotations

import ast
import io
import tokenize
from collections.abc import Iterator

Version = tuple[int, int]

# Of the standard library, what homework may use: since which version it is there.
NEW: dict[Version, str] = {
    (3, 12): "itertools.batched math.sumprod random.binomialvariate typing.override typing.TypeAliasType",
    (3, 13): "copy.replace statistics.kde warnings.deprecated typing.ReadOnly typing.TypeIs typing.NoDefault",
    (3, 14): "functools.Placeholder annotationlib compression string.templatelib concurrent.interpreters",
}
SINCE = {name: version for version, names in NEW.items() for name in names.split()}


def why_newer(name: str, oldest: Version) -> str:
    """Why `oldest` does not have this module, or this name of a module ("itertools.batched"); "" if it may have it."""
    since = SINCE.get(name, oldest)
    return f"`{name}` needs Python {since[0]}.{since[1]} or newer" if since > oldest else ""


def newer_syntax(text: str, oldest: Version) -> list[tuple[int, str]]:
    """Lines of a source that this Python can read and `oldest` cannot. Raises SyntaxError where this one cannot."""
    found = list[tuple[int, str]]()
    ast.parse(text)
    try:
        ast.parse(text, feature_version=oldest)
    except SyntaxError as error:
        found.append((error.lineno or 0, error.msg))
    if oldest < (3, 12):
        found += [(line, "an f-string like this needs Python 3.12 or newer") for line in _f_strings(text)]
    return sorted(dict.fromkeys(found))


def _f_strings(text: str) -> Iterator[int]:
    """Lines in which the braces of an f-string hold its own quotes, a backslash or a comment: new in Python 3.12."""
    start, end = getattr(tokenize, "FSTRING_START", None), getattr(tokenize, "FSTRING_END", None)
    middle, quotes = getattr(tokenize, "FSTRING_MIDDLE", None), list[str]()  # of the f-strings around
    if start is None:
        return
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        kind, said = token.type, token.string
        quote = said.lstrip("fFrRbBuU") if kind == start else ""
        if quotes and kind not in (middle, end):
            own = quote or (said.lstrip("rRbBuU") if kind == tokenize.STRING else "")
            if kind == tokenize.COMMENT or "\\" in said or (own and own.startswith(quotes[-1])):
                yield token.start[0]
        if kind == start:
            quotes.append(quote)
        elif kind == end:
            quotes.pop()
