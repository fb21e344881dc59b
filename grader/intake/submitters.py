"""What Gradescope's list says of the folders that it lies beside: who handed each in, and when."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from grader.intake import folders, names
from grader.intake.submission import Refused

METADATA = "submission_metadata.yml"
MOST_BYTES = 50_000_000

# Gradescope writes this file in one way, so its lines are read and no YAML: little of it is needed.
_FOLDER = re.compile(r"(?P<name>[^\s:#'\"][^:]*):\s*")
_KEY = re.compile(r" {2}:(?P<key>\w+):(?P<value>.*)")
_OF_SUBMITTER = re.compile(r" {2}(?P<first>- | {2}):(?P<key>name|sid|email):(?P<value>.*)")


@dataclass(frozen=True)
class Submitter:
    """Somebody who handed in, as Gradescope knows them. What it does not know is ""."""

    name: str
    sid: str = ""
    email: str = ""


@dataclass(frozen=True)
class Listed:
    """One submission of the list. `created_at` is as it stands there."""

    people: tuple[Submitter, ...] = ()
    created_at: str = ""


def submitters(path: Path) -> dict[str, str]:
    """The folder of each submission -> the names of those who handed it in: "Ada Lovelace, Alan Turing".

    Empty when the file is not there, cannot be read or looks otherwise: the folders are graded all the same.
    """
    try:
        text = folders.read_file(path, MOST_BYTES).decode("utf-8", "replace")
    except (OSError, Refused):
        return {}
    return {
        folder: names.listed([each.name for each in listed.people], 9)
        for folder, listed in listed_in(text).items()
        if listed.people
    }


def listed_in(text: str) -> dict[str, Listed]:
    """The list by folder. What looks otherwise is passed over."""
    people: dict[str, list[dict[str, str]]] = {}
    created: dict[str, str] = {}
    folder = key = ""
    for line in text.splitlines():
        if match := _FOLDER.fullmatch(line):
            folder, key = match["name"], ""
            people.setdefault(folder, [])
        elif match := _KEY.fullmatch(line):
            key = match["key"]
            if folder and key == "created_at":
                created[folder] = _plain(match["value"])
        elif folder and key == "submitters" and (match := _OF_SUBMITTER.fullmatch(line)):
            if match["first"] == "- ":
                people[folder].append({})
            if people[folder]:
                people[folder][-1][match["key"]] = _plain(match["value"])
    return {
        folder: Listed(tuple(Submitter(**each) for each in found if each.get("name")), created.get(folder, ""))
        for folder, found in people.items()
    }


def _plain(value: str) -> str:
    """A value without YAML's quotes."""
    text = value.strip()
    if len(text) > 1 and text[0] == text[-1] == "'":
        return text[1:-1].replace("''", "'")
    return text.strip('"')
