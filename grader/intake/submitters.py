"""Whose a submission of Gradescope is: the list that lies beside the folders of a download."""

from __future__ import annotations

import re
from pathlib import Path

from grader.intake import folders, names
from grader.intake.submission import Refused

METADATA = "submission_metadata.yml"
MOST_BYTES = 50_000_000

# Gradescope writes this file in one way, so its lines are read and no YAML: nothing of it is needed but these names.
_FOLDER = re.compile(r"(?P<name>[^\s:#'\"][^:]*):\s*")
_KEY = re.compile(r" {2}:(?P<key>\w+):.*")
_NAME = re.compile(r" {2}(?:- | {2}):name: (?P<name>.+)")


def submitters(path: Path) -> dict[str, str]:
    """The folder of each submission -> the names of those who handed it in: "Ada Lovelace, Alan Turing".

    Empty when the file is not there, cannot be read or looks otherwise: the folders are graded all the same.
    """
    try:
        text = folders.read_file(path, MOST_BYTES).decode("utf-8", "replace")
    except (OSError, Refused):
        return {}
    found: dict[str, list[str]] = {}
    folder = key = ""
    for line in text.splitlines():
        if match := _FOLDER.fullmatch(line):
            folder, key = match["name"], ""
        elif match := _KEY.fullmatch(line):
            key = match["key"]
        elif folder and key == "submitters" and (match := _NAME.fullmatch(line)):
            found.setdefault(folder, []).append(match["name"].strip().strip("'\""))
    return {folder: names.listed(who, 9) for folder, who in found.items()}
