"""Whom each system means: three students under the names that it gives them, and a stranger, who is told.

Every row is the names in one system's download, or in its table, as its documents have them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from grader.intake import Asked, look_through

Course = Any  # conftest.py
HERE = Path(__file__).parent
ASKED = Asked(("tiny.py",), "hw7.ipynb")
FULL = Fraction(11, 4)


@dataclass(frozen=True)
class System:
    """One system. `found` says whose each submission is, by the roster's key; `stranger` is nobody's.

    `files` are a download of these, by the submission that each is of. `table` lies beside it, and says whose they are.
    """

    column: str
    found: Mapping[str, str]
    stranger: str
    files: Mapping[str, str]
    table: str = ""
    beside: Mapping[str, str] = field(default_factory=dict)


SYSTEMS = {
    "Gradescope": System(
        column="gradescope",
        found={"submission_101": "u1", "submission_102": "u2"},
        stranger="submission_103",
        files={f"submission_{number}/tiny.py": f"submission_{number}" for number in (101, 102, 103)},
        table="gradescope/submission_metadata.yml",
        beside={"submission_metadata.yml": "gradescope/submission_metadata.yml"},
    ),
    "GitHub Classroom": System(
        column="github",
        found={"hw7-ada-l": "u1", "hw7-turing": "u2", "hw7-zoe-on": "u3"},
        stranger="hw7-ghost9",
        files={
            "hw7-ada-l/tiny.py": "hw7-ada-l",
            "hw7-turing/assignments/hw7_tiny/tiny.py": "hw7-turing",
            "hw7-zoe-on/hw7.ipynb": "hw7-zoe-on",
            "hw7-ghost9/tiny.py": "hw7-ghost9",
        },
    ),
    "GitHub Classroom, with its grades.csv": System(
        column="results",
        found={"hw7-ada-l": "u1", "hw7-turing": "u2"},
        stranger="hw7-ghost9",
        files={f"hw7-{user}/tiny.py": f"hw7-{user}" for user in ("ada-l", "turing", "ghost9")},
        table="github/grades.csv",
    ),
    "Canvas": System(
        column="canvas",
        found={"lovelaceada_10001": "u1", "turingalan_10002": "u2", "oneillzoe_10003": "u3"},
        stranger="hoppergrace_10004",
        files={
            "lovelaceada_10001_200001_tiny-1.py": "lovelaceada_10001",
            "turingalan_LATE_10002_200002_tiny.py": "turingalan_10002",
            "oneillzoe_10003_200003_hw7_tiny-handin.zip": "oneillzoe_10003",
            "hoppergrace_10004_200004_tiny.py": "hoppergrace_10004",
        },
    ),
    "Moodle": System(
        column="moodle",
        found={"Ada Lovelace_1201": "u1", "Alan Turing_1202": "u2", "Zoé O'Neill_1203": "u3"},
        stranger="Grace Hopper_1204",
        files={
            "Ada Lovelace_1201_assignsubmission_file_/tiny.py": "Ada Lovelace_1201",
            "Alan Turing_1202_assignsubmission_file_/hw7.ipynb": "Alan Turing_1202",
            "Zoé O'Neill_1203_assignsubmission_file_/tiny.py": "Zoé O'Neill_1203",
            "Grace Hopper_1204_assignsubmission_file_/tiny.py": "Grace Hopper_1204",
        },
    ),
    "nbgrader": System(
        column="nbgrader",
        found={"alovelace": "u1", "aturing": "u2", "zoneill": "u3"},
        stranger="ghopper",
        files={f"{name}/hw7_tiny/hw7.ipynb": name for name in ("alovelace", "aturing", "zoneill", "ghopper")},
    ),
    "nbgrader, as handed in": System(
        column="nbgrader",
        found={"alovelace": "u1", "aturing": "u2"},
        stranger="ghopper",
        files={
            f"{name}+hw7_tiny+2027-03-05 20:10:00 UTC/hw7.ipynb": name for name in ("alovelace", "aturing", "ghopper")
        },
    ),
    "folders named by hand": System(
        column="results",
        found={"ada-folder": "u1", "alan-folder": "u2", "zoe-folder": "u3"},
        stranger="grace-folder",
        files={f"{name}-folder/tiny.py": f"{name}-folder" for name in ("ada", "alan", "zoe", "grace")},
    ),
}


@pytest.mark.parametrize("name", SYSTEMS)
def test_its_names_are_matched_and_who_is_nobody_is_told(name: str, course: Course) -> None:
    system = SYSTEMS[name]
    folder = course.folder / "download"
    for file in system.files:
        path = folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x = 1\n")
    for file, golden in system.beside.items():
        (folder / file).write_bytes((HERE / golden).read_bytes())
    rows = {entry.name for entry in look_through(folder, ASKED).entries}
    assert rows == {*system.found, system.stranger} == set(system.files.values()), "as `make grade` calls them"

    course.enrol()
    results = course.results(dict.fromkeys(rows, FULL))
    beside = HERE / system.table if system.table.endswith(".csv") else folder
    words = ("results", results, "--homework", "hw7", "--system", system.column, "--submissions", beside)
    said = course.book(*words, status=1)
    assert f"{len(system.found)} entered" in said
    assert [line for line in said.splitlines() if line.startswith("not entered")] == [
        line for line in said.splitlines() if line.startswith(f"not entered: {system.stranger}: ")
    ]
    assert f"not entered: {system.stranger}: " in said
    course.book("nbgrader", course.folder / "grades.csv")
    graded = [line.split(",") for line in (course.folder / "grades.csv").read_text().splitlines()[1:]]
    keys = {"alovelace": "u1", "aturing": "u2", "zoneill": "u3"}
    assert {keys[row[3]] for row in graded if row[9] != "0.0"} == set(system.found.values())
