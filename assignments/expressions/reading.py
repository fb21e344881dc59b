"""Read one expression that a student wrote, in LaTeX or in plain spelling. No text is ever run as a program.

    text -> letters.check -> scanning.scan -> arranging.arrange -> grammar.parse -> tree

What is doubtful is either read in the usual way, with a note that says how, or refused with advice.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import letters
from arranging import arrange
from grammar import Remark, parse
from naming import names_of
from scanning import scan
from showing import plain
from tree import Tree
from unreadable import Unreadable, place, quoted

if TYPE_CHECKING:
    from declared import Answer

__all__ = ["Reading", "Unreadable", "read"]

_AROUND = ("$$", "$", r"\(", r"\)", r"\[", r"\]", "`")  # what stands around formulas in Markdown
_LONGEST_IN_NOTES = 60


@dataclass(frozen=True)
class Reading:
    """What was understood, and notes for the student on what could have been meant otherwise."""

    tree: Tree
    notes: tuple[str, ...]


def read(text: str, answer: "Answer") -> Reading:
    """The tree of an expression in the symbols of `answer`.

    In `name = expression` only what stands behind the last `=` is read.

    Raises:
        Unreadable: It could not be read. The text says what, where, and what to try.
    """
    letters.check(text)
    start, notes = _behind_equals(text)
    pieces = scan(text, *_trimmed(text, start))
    words, more = arrange(text, pieces, names_of(answer))
    part = parse(words, text)
    notes += more + [_note(remark, text, answer) for remark in part.remarks]
    return Reading(part.tree, tuple(dict.fromkeys(notes)))


def _behind_equals(text: str) -> tuple[int, list[str]]:
    """Where the expression begins, with a note if more than one `=` stands before it."""
    equals = text.rfind("=")
    if equals < 0:
        return 0, []
    before = text[:equals]
    if before.endswith(("<", ">", "!")):
        raise Unreadable(f"Give an expression, not an inequality{place(text, max(0, equals - 4))}.")
    if any(before.count(opening) > before.count(closing) for opening, closing in ("()", "[]", "{}")):
        raise Unreadable(
            f"A `=` inside brackets is not read here{place(text, equals)}. "
            "Give the closed form, without sums and indices that run."
        )
    several = "=" in before.replace(":=", "").rstrip("=")
    return equals + 1, ["There is more than one =. Only what stands behind the last one was read."] if several else []


def _trimmed(text: str, start: int) -> tuple[int, int]:
    """Where the expression itself begins and ends: without spaces, dollar signs and a full stop or comma around it."""
    end = len(text)
    stop_seen = False
    while True:
        start += len(text[start:end]) - len(text[start:end].lstrip())
        end = start + len(text[start:end].rstrip())
        opening = next((mark for mark in _AROUND if text.startswith(mark, start, end)), "")
        closing = next((mark for mark in _AROUND if text.endswith(mark, start + len(opening), end)), "")
        start, end = start + len(opening), end - len(closing)
        is_stop = text.endswith((".", ","), start, end) and not text.endswith((r"\,", r"\."), start, end)
        if is_stop and not stop_seen:
            stop_seen, end = True, end - 1
        elif not opening and not closing:
            return start, end


def _note(remark: Remark, text: str, answer: "Answer") -> str:
    written = quoted(text, remark.start, remark.end)
    shown = plain(remark.read_as, answer)
    if len(shown) > _LONGEST_IN_NOTES:
        return f"{written} can be read in more than one way. See how it is shown, or write brackets."
    if remark.otherwise is None:
        return f"{written} was read as {shown}. If you mean something else, write brackets."
    return (
        f"{written} was read from left to right, as {shown}. If you mean {plain(remark.otherwise, answer)}, write so."
    )
