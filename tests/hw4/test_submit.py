"""What `make submit` packs is what was written, wherever it lies."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from grader.course.assignment import Assignment
from grader.course.document import filled_in

REPOSITORY = Path(__file__).parents[2]


@pytest.mark.parametrize("form", ["answers.md", "answers (1).md", "work/answers.md", "answers.zip"])
def test_the_answers_are_packed(hw4: Assignment, tmp_path: Path, form: str) -> None:
    shutil.copy(REPOSITORY / "course.toml", tmp_path)
    for folder in (hw4.folder, *hw4.shared_folders):
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(folder, tmp_path / "assignments" / folder.name, ignore=ignored)
    work = tmp_path / "mine"
    blank = (hw4.folder / "answers.md").read_text(encoding="utf-8")
    written = filled_in(blank, 'def A_star():\n    return "s1^2/S"\n')
    (work / form).parent.mkdir(parents=True)
    if form.endswith(".zip"):
        with zipfile.ZipFile(work / form, "w") as archive:
            archive.writestr("answers.md", written)
    else:
        (work / form).write_text(written, encoding="utf-8")
    command = [sys.executable, "-m", "grader", "submit", "hw4", "--submission", str(work), "--out", "out.zip"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    with zipfile.ZipFile(tmp_path / "out.zip") as archive:
        assert archive.read("answers.md").decode() == written
