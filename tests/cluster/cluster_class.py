"""A class of the tiny course, of any size: right ones, known mistakes, unknown ones, and in several forms."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

TINY = Path(__file__).parents[1] / "courses" / "tiny"
ENDS = {
    "right": "",
    "squares": "def twice(x):\n    return x * x\n",
    "sums": "def mean(x):\n    return x.sum()\n",
    "triples": "def twice(x):\n    return 3 * x\n",
    "raises": "def mean(x):\n    raise ValueError('no')\n",
    "unwritten": "def twice(x):\n    raise NotImplementedError\n",
    "unreadable": "def twice(x:\n",
}


def course(place: Path) -> Path:
    """A copy of the tiny course."""
    shutil.copytree(TINY, place, ignore=shutil.ignore_patterns(".cache", "__pycache__"))
    return place


def class_of(count: int, folder: Path) -> Path:
    """So many submissions, in turn of each kind, no two with the same bytes."""
    folder.mkdir(parents=True)
    reference = (TINY / "solutions" / "hw7_tiny" / "tiny.py").read_text()
    kinds = list(ENDS.items())
    for number in range(count):
        kind, end = kinds[number % len(kinds)]
        name, text = f"s{number:05d}_{kind}", f"{reference}\n\n# {number}\n{end}"
        if number % 3 == 0:
            (folder / f"{name}.py").write_text(text)
        elif number % 3 == 1:
            (folder / name).mkdir()
            (folder / name / "tiny.py").write_text(text)
            (folder / name / "notes.txt").write_text("Mine.\n")
            (folder / name / "link.py").symlink_to("tiny.py")
        else:
            with zipfile.ZipFile(folder / f"{name}.zip", "w") as archive:
                archive.writestr("work/tiny.py", text)
    return folder
