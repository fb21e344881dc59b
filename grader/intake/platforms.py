"""Names that platforms give to what students upload: whose it is, which attempt, and what the student called it.

    Moodle        Ada Lovelace_1234_assignsubmission_file_            a folder, or before a file's name
    Canvas        lovelaceada_LATE_10001_200001_multitask-1.py        user, file; _LATE only for some
    Blackboard    HW0_ada_attempt_2026-02-03-10-00-00_multitask.py    and a .txt of its own per attempt
    Brightspace   12345-67890 - Ada Lovelace - Feb 3, 2026 1000 AM    a folder, or before a file's name
    nbgrader      ada+hw0+2026-02-03 10:00:00 UTC                     a folder
    Autolab       ada@uni.edu_2_multitask.py                          user, version

Pure functions: nothing is read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from grader.intake import names

Time = tuple[int, ...]

_MOODLE = re.compile(r"(?P<who>.+_\d+)_assignsubmission_(?P<plugin>[a-z]+)(?:_(?P<file>.*))?", re.DOTALL)
_CANVAS = re.compile(
    r"(?P<who>[^\W_].*?)(?P<late>_LATE)?_(?P<user>\d+)_(?:(?P<upload>\d{4,})_(?P<file>.+)|(?P<own>(?:text|link)\.html))",
    re.DOTALL,
)
_CANVAS_ANONYMOUS = re.compile(
    r"(?P<who>anon_[A-Za-z0-9]{5})(?P<late>_LATE)?_(?P<upload>\d{4,})_(?P<file>.+)", re.DOTALL
)
_BLACKBOARD = re.compile(r"(?P<who>.+)_attempt_(?P<time>\d{4}(?:-\d\d){5})(?:_(?P<file>.+)|(?P<own>\.txt))?", re.DOTALL)
_BRIGHTSPACE = re.compile(r"(?P<who>\d+-\d+ - .+?) - (?P<time>[^-]*\b\d{4}\b[^-]*?)(?: - (?P<file>.+))?", re.DOTALL)
_NBGRADER = re.compile(
    r"(?P<who>.+)\+[^+]+\+(?P<time>\d{4}-\d\d-\d\d \d\d[:_]\d\d[:_]\d\d(?:\.\d+)? \w+)(?:\+[\w-]+)?", re.DOTALL
)
_AUTOLAB = re.compile(r"(?P<who>[^@/]+@[^@/]+?)_(?P<time>\d+)_(?P<file>.+)", re.DOTALL)

_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec"
_SPOKEN = re.compile(
    r"(?P<month>[A-Za-z]{3})[a-z]*\.? (?P<day>\d{1,2}), (?P<year>\d{4}) (?P<hour>\d{1,2})[:_.]?(?P<minute>\d\d)"
    r"(?: ?(?P<half>[AP])\.?M\.?)?",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Label:
    """What a name says. `who` tells students apart and is how their row is called; `file` is the student's own name.

    `when` is the attempt as the platform writes it, and `order` compares attempts of one student: the later one is
    greater. It is None when the time cannot be read, and () where a platform gives out one attempt only. `upload`
    compares files of one name. `own` marks what the platform wrote itself, and what was typed into its form.
    """

    platform: str
    who: str
    file: str = ""
    when: str = ""
    order: Time | None = ()
    upload: int = 0
    late: bool = False
    own: bool = False


def labels(found: Mapping[str, bool]) -> dict[str, Label]:
    """The labels of those names that a platform gave. `found` says of each name whether it is a folder's."""
    read = {name: label for name, folder in found.items() if (label := _label(name, folder)) is not None}
    for name in _doubtful(read):
        del read[name]
    return read


def renamed(file: str) -> str:
    """`multitask.py` of `multitask-2.py`: so Canvas calls a file that is uploaded again."""
    return re.sub(r"-\d+(?=\.[^.]+$|\.tar\.\w+$)", "", file)


def _label(name: str, folder: bool) -> Label | None:
    """What one name says, or None when no platform wrote it."""
    reader: Callable[[str, bool], Label | None]
    for reader in (_moodle, _blackboard, _brightspace, _nbgrader, _autolab, _canvas):
        if label := reader(name, folder):
            return label
    return None


def _moodle(name: str, folder: bool) -> Label | None:
    match = _MOODLE.fullmatch(name)
    if match is None or not (folder or match["file"]):
        return None
    return Label("Moodle", match["who"], match["file"] or "", own=match["plugin"] == "onlinetext")


def _canvas(name: str, folder: bool) -> Label | None:
    if match := _CANVAS_ANONYMOUS.fullmatch(name):
        return Label("Canvas", match["who"], match["file"], upload=int(match["upload"]), late=bool(match["late"]))
    match = _CANVAS.fullmatch(name)
    if match is None:
        return None
    file, who = match["file"] or match["own"], f"{match['who']}_{match['user']}"
    upload, late = int(match["upload"] or 0), bool(match["late"])
    return Label("Canvas", who, file, upload=upload, late=late, own=bool(match["own"]))


def _blackboard(name: str, folder: bool) -> Label | None:
    match = _BLACKBOARD.fullmatch(name)
    if match is None or not (folder or match["file"] or match["own"]):
        return None
    order = tuple(map(int, match["time"].split("-")))
    file = match["file"] or (name if match["own"] else "")
    return Label("Blackboard", match["who"], file, match["time"], order, own=bool(match["own"]))


def _brightspace(name: str, folder: bool) -> Label | None:
    match = _BRIGHTSPACE.fullmatch(name)
    if match is None or not (folder or match["file"]):
        return None
    return Label("Brightspace", match["who"], match["file"] or "", match["time"], _spoken(match["time"]))


def _nbgrader(name: str, folder: bool) -> Label | None:
    match = _NBGRADER.fullmatch(name)
    if match is None or not folder:
        return None
    *time, zone = re.split(r"[-:_. ]", match["time"])
    order = tuple(map(int, time)) if zone == "UTC" else None
    return Label("nbgrader", match["who"], "", match["time"], order)


def _autolab(name: str, folder: bool) -> Label | None:
    match = _AUTOLAB.fullmatch(name)
    if match is None:
        return None
    return Label("Autolab", match["who"], match["file"], f"version {match['time']}", (int(match["time"]),))


def _spoken(text: str) -> Time | None:
    """The time in "Feb 3, 2026 1005 PM"; None in another language or order."""
    match = _SPOKEN.fullmatch(text.strip())
    months = _MONTHS.split()
    if match is None or match["month"].lower() not in months:
        return None
    month, hour = months.index(match["month"].lower()) + 1, int(match["hour"])
    if match["half"]:
        hour = hour % 12 + (12 if match["half"].lower() == "p" else 0)
    return int(match["year"]), month, int(match["day"]), hour, int(match["minute"])


def _doubtful(read: Mapping[str, Label]) -> Iterable[str]:
    """Names with two numbers that people may have chosen: `hw0_2026_1001_ada.py` is not from Canvas.

    Canvas gives each file a number of its own. Where one number comes twice, or all code would be one student's, the
    names say nothing: better two rows for one student than one for two.
    """
    canvas = [label for label in read.values() if label.platform == "Canvas" and not label.own]
    numbered = {(label.upload, label.who, names.stem(label.file)) for label in canvas}  # unpacked: still one upload
    twice = len({number for number, *_ in numbered}) < len(numbered)
    code = [label.who for label in canvas if label.file.lower().endswith((".py", ".ipynb"))]
    if twice or (len(code) > 1 and len(set(code)) == 1 and len(set(map(_plain, canvas))) > 1):
        return [name for name, label in read.items() if label.platform == "Canvas"]
    return []


def _plain(label: Label) -> str:
    return renamed(label.file).lower()
