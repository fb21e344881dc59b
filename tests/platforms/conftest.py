"""A small course with a book, into which results come under the names that each platform gives."""

from __future__ import annotations

import os
import shutil
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from grader.cli import main
from grader.report.files import write_result

HERE = Path(__file__).parent
RULES = """
[book]
zone = "Europe/Zurich"
lost_per_day = "1/4"

[book.due]
hw7_tiny = 2027-03-05T23:59:00
"""
MADE = {"u1": Fraction(11, 4), "u2": Fraction(3, 2)}  # points of each of two problems


@dataclass(frozen=True)
class Course:
    """A course in a folder. `made_up` makes a result."""

    folder: Path
    made_up: Callable[..., Any]

    def book(self, *words: object, status: int = 0) -> str:
        """What `python -m grader book ...` says."""
        command = ["--course", self.folder, "book", *words]
        done = CliRunner().invoke(main, [*map(str, command)], env={**os.environ, "COLUMNS": "200"})
        assert done.exit_code == status, done.output
        return done.output

    def enrol(self) -> None:
        """Everybody in the roster."""
        self.book("roster", HERE / "roster.csv")

    def results(self, points: Mapping[str, Fraction]) -> Path:
        """Results as `make grade` leaves them: submission -> points of each of the two problems."""
        folder = self.folder / "results" / "hw7_tiny"
        folder.mkdir(parents=True, exist_ok=True)
        for name, of_each in points.items():
            write_result(folder, self.made_up(name, of_each, max_points=Fraction(11, 2), fingerprint=name))
        return folder

    def download(self, names: Mapping[str, bytes]) -> Path:
        """A platform's zip."""
        path = self.folder / "download.zip"
        with zipfile.ZipFile(path, "w") as archive:
            for name, content in names.items():
                archive.writestr(name, content)
        return path


@pytest.fixture
def course(tmp_path: Path, made_up: Callable[..., Any]) -> Course:
    tiny = HERE.parent / "courses" / "tiny"
    folder = Path(shutil.copytree(tiny, tmp_path / "course", ignore=shutil.ignore_patterns(".cache", "__pycache__")))
    rules = folder / "course.toml"
    rules.write_text(rules.read_text() + RULES)
    return Course(folder, made_up)
