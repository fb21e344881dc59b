"""A course of its own to attack: a copy of HW0 with short limits, in a folder that every user may enter."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.course.assignment import load_course

REPOSITORY = Path(__file__).parents[2]
LIMITS = """
[limits]
call_cpu_s = 0.6
call_wall_s = 0.7
import_cpu_s = 1
import_wall_s = 1.5
total_cpu_s = 2
memory_mb = 600
"""


@pytest.fixture(scope="module")
def place() -> Iterator[Path]:
    """An empty folder for every user to write in; pytest's own is closed to others."""
    folder = Path(tempfile.mkdtemp(prefix="grader-attacks-"))
    folder.chmod(0o777)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def course(place: Path) -> Path:
    """A course that holds HW0 alone and the folders that it shares, without its public checks."""
    root = place / "course"
    hw0 = load_course(REPOSITORY).assignment("hw0")
    for kind, folders in (("assignments", (hw0.folder, *hw0.shared_folders)), ("solutions", (hw0.solution,))):
        left_out = shutil.ignore_patterns("__pycache__", ".cache", *(["test_*.py"] if kind == "assignments" else []))
        for folder in folders:
            shutil.copytree(folder, root / folder.relative_to(REPOSITORY), ignore=left_out)
    for path in (REPOSITORY / "course.toml", *(REPOSITORY / "solutions").glob("*.toml")):
        shutil.copy(path, root / path.relative_to(REPOSITORY))
    described = root / "assignments" / "hw0_multitask" / "assignment.toml"
    described.write_text(described.read_text() + LIMITS)
    for path in (root, *root.rglob("*")):
        path.chmod(0o777 if path.is_dir() else 0o666)
    return root
