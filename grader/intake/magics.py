"""What only a notebook understands, taken out of a cell or a module: magics, shell commands, help.

Nothing moves: what is taken out leaves an empty line or a `pass`, so that line numbers stay those of the cell.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from grader.text import clean_line

_CELL_MAGIC = re.compile(r"%%(\w+)(?!\w*\?)")
_HARMLESS = ("time", "timeit", "capture", "prun")  # cell magics whose body is ordinary Python, run here and now
_MAY_BE = re.compile(r"[%!?]|^[ \t]*[,;/]|^[ \t]*>>>|In \[|\A\s*[ \t]", re.MULTILINE)
# Far more than honest cells have. Beyond, a cell is left as it is, and so is not valid Python.
MAX_CHARS = 50_000
MAX_FOUND = 100
_PASSES = 10


@dataclass(frozen=True)
class Taken:
    """A source without what was taken out, and those lines: (number, text)."""

    source: str
    lines: tuple[tuple[int, str], ...] = ()


def cell_magic(source: str) -> str:
    """The magic that the whole cell is given to, such as "bash"; "" when the cell is Python."""
    for line in source.lstrip().split("\n"):
        found = _CELL_MAGIC.match(line.lstrip())
        if found and found[1] not in _HARMLESS:
            return found[1]
        if line.strip() and not found:
            break
    return ""


def without_magics(source: str) -> Taken:
    """A cell that is not valid Python, without the lines that IPython would not give to Python.

    IPython recognises them: it knows a magic from a modulo, and both from the text within a string.
    """
    lines = source.split("\n")
    taken: dict[int, str] = {}
    while (first := next((i for i, line in enumerate(lines) if line.strip()), None)) is not None:
        if not _CELL_MAGIC.match(lines[first].lstrip()):
            break
        taken[first], lines[first] = lines[first], ""
    if _MAY_BE.search("\n".join(lines)) and len(source) <= MAX_CHARS:
        lines = _by_ipython(lines, taken)
    return Taken("\n".join(lines), tuple((at + 1, clean_line(taken[at].strip(), 60)) for at in sorted(taken)))


def _by_ipython(lines: list[str], taken: dict[int, str]) -> list[str]:
    # Imported for the rare cell that needs it: it costs as much as reading a class of notebooks.
    from IPython.core.inputtransformer2 import TransformerManager, make_tokens_by_line

    manager: Any = TransformerManager()  # type: ignore[no-untyped-call]
    ended = [f"{line}\n" for line in lines]
    for transform in manager.cleanup_transforms:  # prompts of a pasted session, and a common indentation
        tidy = transform(ended)
        # Only blank lines at the top may go; they come back, because lines must not move.
        ended = ["\n"] * (len(ended) - len(tidy)) + tidy if len(tidy) <= len(ended) else ended
    for _ in range(_PASSES):
        try:
            statements = make_tokens_by_line(ended)
        except SyntaxError:
            break
        spans = _spans(statements, manager.token_transformers, ended)
        if not spans or len(taken) > MAX_FOUND:
            break
        for first, end in spans:
            indent = ended[first][: len(ended[first]) - len(ended[first].lstrip())]
            taken[first] = ended[first]
            ended[first:end] = [f"{indent}pass\n" if indent else "\n", *["\n"] * (end - first - 1)]
    return [line.removesuffix("\n") for line in ended]


def _spans(statements: list[list[Any]], transformers: list[Any], lines: list[str]) -> list[tuple[int, int]]:
    """The lines (from 0, end excluded) of what IPython would transform, as far as the tokens can be trusted."""
    spans: list[tuple[int, int]] = []
    for tokens in statements:
        span = _span(tokens, transformers, lines)
        if span is None:
            continue
        spans.append(span)
        if not _is_closed("".join(lines[span[0] : span[1]])) or len(spans) > MAX_FOUND:
            break
    return spans


def _is_closed(text: str) -> bool:
    """Whether no bracket or quote in a shell command makes what comes after it look like something else."""
    pairs = all(text.count(left) == text.count(right) for left, right in ("()", "[]", "{}"))
    return pairs and text.count("'") % 2 == 0 and text.count('"') % 2 == 0


def _span(tokens: list[Any], transformers: list[Any], lines: list[str]) -> tuple[int, int] | None:
    found = [one for one in (transformer.find([tokens]) for transformer in transformers) if one]
    for one in sorted(found, key=lambda one: one.sortby()):
        try:
            after = one.transform(lines)
        except (SyntaxError, AssertionError, IndexError):
            continue  # IPython, too, then leaves the line to Python
        # A transformer puts one line in the place of those that it consumes.
        end = min(one.start_line + len(lines) - len(after) + 1, len(lines))
        return min(one.start_line, _first_line(tokens)), end
    return None


def _first_line(tokens: list[Any]) -> int:
    rows = [token.start[0] for token in tokens if token.string.strip()]
    return int(min(rows)) - 1
