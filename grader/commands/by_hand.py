"""The files that people grade, as `submit` finds them: which are there, and what seems to be forgotten."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.intake.names import is_skipped, shown

# What the handout leaves for the answer to replace, or to follow: a quoted line all in italics, `> *your answer*`.
_PLACEHOLDER = re.compile(r">\s*([*_])[^*_].*\1")
_HEADING = re.compile(r"#{1,6}\s+(?P<title>.*\S)")
_IMAGE = re.compile(r"!\[[^\]]*\]\((?P<file>[^)\s]+)[^)]*\)")
_WORTH = re.compile(r"\s*\([^()]*\)$")  # "(2 points)"
TEXTS = (".md", ".txt")


@dataclass(frozen=True)
class ByHand:
    """Files (name in the hand-in -> content), and what to look at before they are handed in."""

    files: dict[str, bytes]
    remarks: tuple[str, ...]


def files_by_hand(patterns: Sequence[str], folder: Path) -> ByHand:
    """The files in `folder` that the patterns ask for, such as "written.md" and "*.png"."""
    files: dict[str, bytes] = {}
    remarks: list[str] = []
    for pattern in patterns:
        found = [path for path in sorted(folder.glob(pattern)) if path.is_file() and not is_skipped(path.name)]
        if not found:
            remarks.append(f"There is no {pattern} in {_near(folder)}.")
        for path in found:
            name = path.relative_to(folder).as_posix()
            try:
                files[name] = path.read_bytes()
            except OSError as error:
                remarks.append(f"{shown(name)} cannot be read ({error.strerror}), so it is left out.")
                continue
            remarks += [f"{shown(name)} {fault}" for fault in _faults(path, files[name])]
    return ByHand(files, tuple(remarks))


def _faults(path: Path, data: bytes) -> list[str]:
    """What is wrong with one file, said after its name."""
    if not data.strip():
        return ["is empty."]
    if path.suffix.lower() not in TEXTS:
        return []
    text = data.decode("utf-8", "replace")
    faults = []
    if still := unanswered(text):
        below = ", ".join(f"“{title}”" for title in still)
        faults.append(f"still has a place to fill in below {below}.")
    images = [found["file"] for found in _IMAGE.finditer(text) if ":" not in found["file"]]
    absent = [file for file in dict.fromkeys(images) if not (path.parent / file).is_file()]
    return faults + [f"shows {shown(file)}, which is not in {_near(path.parent)}." for file in absent]


def unanswered(text: str) -> list[str]:
    """The headings below which a placeholder stands with nothing of the student's after it."""
    title, waiting, found = "the beginning", False, list[str]()
    for line in [*(line.strip() for line in text.splitlines()), "# end"]:
        heading, placeholder = _HEADING.fullmatch(line), _PLACEHOLDER.fullmatch(line)
        if waiting and line and (heading or placeholder or _IMAGE.fullmatch(line)):
            found.append(title)
            waiting = False
        elif line and line != ">":
            waiting = False
        title = _WORTH.sub("", heading["title"]) if heading else title
        waiting = waiting or placeholder is not None
    return list(dict.fromkeys(found))


def _near(folder: Path) -> Path:
    """The folder as it is called from here."""
    here = Path.cwd()
    return folder.relative_to(here) if folder.is_relative_to(here) else folder
