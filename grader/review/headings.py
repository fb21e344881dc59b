"""Which part of a text answers a question: what stands below the heading that names it. Pure functions.

Students keep "### 7a. Planted ratings (1 point)", shorten it to "## 7a", write "**7a)**" or "Problem 7 (a)". A part
goes on until a heading names another question or problem: headings of the student's own belong to the answer.

The texts are strangers', and this runs where the book is. So the work grows as the text does: a line that is longer
than a heading is none, and no expression meets a line in which it could try many ways.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

LONGEST = 300  # characters of a heading
_WORD = r"(?:problem|question|exercise|task|part|answer|solution|homework|hw\d*|to|ex|p|q)[\s.:,#]*"
_UNDERLINE = re.compile(r" {0,3}(?:=+|-{2,})[ \t]*")
_BOLD = re.compile(r"(?:\*\*|__)(?P<title>[^*_]{1,100})(?:\*\*|__)[ \t]*[.:]?")
_BARE = re.compile(r"[ \t]*(?P<title>\(?\w{1,8}(?:[ \t]?\w{1,8})?[.):]{1,2})(?:[ \t].*)?")
_FENCE = re.compile(r" {0,3}(?P<sign>`{3,}|~{3,})")
_DECORATION = re.compile(r"[*_`#\\]")
# Only with the word before it: "1. First step" is a student's own heading.
_PROBLEM = re.compile(r"(?:problem|question|exercise|task)\s+(?P<number>\d+)\b", re.IGNORECASE)
_ID = re.compile(r"(?P<number>\d+)[\s.]*(?P<letter>[a-z]?)", re.IGNORECASE)


@dataclass(frozen=True)
class Part:
    """What answers a question. `times` is how often its heading stands there; its parts are joined then."""

    text: str
    times: int = 1


def named(title: str, questions: Collection[str], within: str = "") -> str:
    """The question that a heading names, or "". `within` is the problem it is in: there "(a)" is its first question."""
    plain = " ".join(_DECORATION.sub("", title[:LONGEST]).split()).casefold()
    for name, spelled in _spellings(tuple(questions)):
        if spelled.match(plain):
            return name
    if within:
        letters = {name.casefold(): name for name in questions}
        found = re.match(r"(?:(?:part|question|answer)\s+)?[(\[]?([a-z])(?:[.)\]:]|$)", plain)
        return letters.get(f"{within.casefold()}{found[1]}", "") if found else ""
    return ""


@lru_cache(64)
def _spellings(questions: tuple[str, ...]) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """The questions, the longest id first, each with how a heading begins that names it."""
    longest_first = sorted(questions, key=len, reverse=True)
    return tuple((name, re.compile(rf"(?:{_WORD})*[(\[]?{_spelled(name)}(?![^\W_])")) for name in longest_first)


def _spelled(name: str) -> str:
    """A question's id as people write it: "7a" as "7.a", "7 (a)" or "7-a"."""
    found = _ID.fullmatch(name)
    if not found or not found["letter"]:
        return re.escape(name.casefold())
    return rf"{found['number']}[\s.\-]*\(?{found['letter'].casefold()}"


def marked(lines: Sequence[str], questions: Collection[str]) -> list[str | None]:
    """Of each line which question its heading names; "" for another problem's heading, None for any other line."""
    strong = _named_in_turn(list(_titles(lines, weak=False)), questions)
    return strong if any(strong) else _named_in_turn(list(_titles(lines, weak=True)), questions)


def part_below(text: str, question: str, questions: Collection[str]) -> Part | None:
    """What stands below the heading that names `question`, one of all `questions`; None where there is no heading."""
    lines = text.splitlines()
    pieces, inside = list[list[str]](), False
    for line, head in zip(lines, marked(lines, questions), strict=True):
        if head is not None:
            inside = head == question
            if inside:
                pieces.append([rest] if (rest := _rest(line, question)) else [])
        elif inside:
            pieces[-1].append(line)
    if not pieces:
        return None
    texts = ["\n".join(_without_underline(piece)).strip("\n") for piece in pieces]
    return Part("\n\n".join(text for text in texts if text.strip()), len(pieces))


def same_words(one: str, other: str) -> bool:
    """Whether two texts say the same, whatever is between their words."""
    return one.split() == other.split()


def _titles(lines: Sequence[str], *, weak: bool) -> Iterator[str]:
    """The title in each line, or "". Weak ones are bold or end with a bracket or a dot: "**7a**", "7a)"."""
    fence = ""
    for at, line in enumerate(lines):
        mark = _FENCE.match(line)
        if fence:
            if mark and mark["sign"].startswith(fence):
                fence = ""
            yield ""
        elif mark:
            fence = mark["sign"]
            yield ""
        else:
            underlined = at + 1 < len(lines) and _UNDERLINE.fullmatch(lines[at + 1]) is not None
            yield _strong(line, underlined=underlined) or (_weak(line) if weak else "")


def _strong(line: str, *, underlined: bool) -> str:
    """The title in a line that stands out: by hashes, by a line below it, or because all of it is bold."""
    words = line.strip()
    if not words or len(words) > LONGEST:
        return ""
    if words[0] == "#":
        return _behind_hashes(line, words)
    if underlined and "|" not in words:
        return words
    found = _BOLD.fullmatch(words)
    return found["title"] if found else ""


def _behind_hashes(line: str, words: str) -> str:
    """What stands behind one to six hashes, without those that close it. `words` is the line without its margins."""
    behind = words.lstrip("#")
    hashes, margin = len(words) - len(behind), line[: len(line) - len(line.lstrip())]
    if hashes > 6 or margin not in ("", " ", "  ", "   ") or not (behind[:1].isspace() or behind[:1].isalnum()):
        return ""
    closed = behind.rstrip("#")
    return (closed if closed[-1:].isspace() else behind).strip()


def _weak(line: str) -> str:
    found = _BARE.fullmatch(line)
    return found["title"] if found else ""


def _named_in_turn(titles: Sequence[str], questions: Collection[str]) -> list[str | None]:
    within, result = "", list[str | None]()
    for title in titles:
        name: str | None = None
        if title and (question := named(title, questions, within)):
            found = _ID.fullmatch(question)
            name, within = question, found["number"] if found else ""
        elif problem := _PROBLEM.match(_DECORATION.sub("", title).strip()):
            name, within = "", problem["number"]
        result.append(name)
    return result


def _rest(line: str, question: str) -> str:
    """What a bare heading has behind it: "7a) Sharing helps" is heading and answer in one."""
    found = _BARE.fullmatch(line)
    if not found or line.lstrip().startswith("#"):
        return ""
    return line[found.end("title") :].strip() if named(found["title"], {question}) else ""


def _without_underline(lines: Sequence[str]) -> Sequence[str]:
    return lines[1:] if lines and _UNDERLINE.fullmatch(lines[0]) else lines
