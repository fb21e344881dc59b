"""Attacks by files, and grading that would be too weak, through the command line on a class folder."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path
from typing import Any

import pytest
from nbformat.v4 import new_code_cell

from grader.authoring.markers import solved
from grader.authoring.notebook import notebook_of, written
from grader.course.assignment import load_course

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="confinement needs Linux")


def grade(course: Path, folder: Path, out: Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "grader", "--course", str(course), "grade", "hw0", "--problem", "2"]
    return subprocess.run(
        [*command, "--submissions", str(folder), "--out", str(out), *options],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def results(out: Path) -> dict[str, Any]:
    return {path.stem: json.loads(path.read_bytes()) for path in out.glob("*.json")}


def tar_with(*members: tarfile.TarInfo) -> bytes:
    text = io.BytesIO()
    with tarfile.open(fileobj=text, mode="w:gz") as tar:
        for member in members:
            tar.addfile(member)
    return text.getvalue()


def link(name: str, target: str, kind: bytes) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.type, member.linkname = kind, target
    return member


@pytest.fixture
def hostile_class(tmp_path: Path, course: Path) -> Path:
    """Submissions whose files, not whose code, are the attack; and one honest one."""
    folder, reference = tmp_path / "class", course / "solutions" / "hw0_multitask" / "multitask.py"
    right, wrong = reference.read_bytes(), b"def total_loss(losses, weights=None):\n    return 7.0\n"
    (folder / "honest").mkdir(parents=True)
    (folder / "honest" / "multitask.py").write_bytes(right)

    (folder / "linked_folder").symlink_to(reference.parent)
    (folder / "linked_file").mkdir()
    (folder / "linked_file" / "multitask.py").symlink_to(reference)
    (folder / "linked_to_another").mkdir()
    (folder / "linked_to_another" / "multitask.py").symlink_to("../honest/multitask.py")
    (folder / "pipe").mkdir()
    os.mkfifo(folder / "pipe" / "multitask.py")
    (folder / "linked_in_tar.tar.gz").write_bytes(tar_with(link("multitask.py", str(reference), tarfile.SYMTYPE)))
    (folder / "hard_link_in_tar.tar.gz").write_bytes(tar_with(link("multitask.py", str(reference), tarfile.LNKTYPE)))
    (folder / "device_in_tar.tar.gz").write_bytes(tar_with(link("multitask.py", "", tarfile.CHRTYPE)))
    with zipfile.ZipFile(folder / "slip.zip", "w") as archive:
        archive.writestr("../honest/multitask.py", wrong)
    with zipfile.ZipFile(folder / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("multitask.py", bytes(200 << 20))
    (folder / "shadows").mkdir()
    for name in ("pytest", "conftest", "numpy", "torch", "probes", "grader", "sitecustomize", "test_2_total_loss"):
        (folder / "shadows" / f"{name}.py").write_text("raise SystemExit(0)\n")
    (folder / "shadows" / "multitask.py").write_bytes(wrong)
    (folder / "=cmd()\x1b[2J\u202e[bold]<b>").mkdir()
    (folder / "=cmd()\x1b[2J\u202e[bold]<b>" / "multitask.py").write_bytes(wrong)
    return folder


def test_files_cannot_be_the_attack(tmp_path: Path, course: Path, hostile_class: Path) -> None:
    done = grade(course, hostile_class, tmp_path / "out")
    found = results(tmp_path / "out")
    assert len(found) == len(list(hostile_class.iterdir())), done.stdout + done.stderr
    points = {name: result["points"] for name, result in found.items()}
    assert points.pop("honest") == "4"
    assert set(points.values()) == {"0"}, points
    assert not [name for name, result in found.items() for c in result["checks"] if c["verdict"] == "grader_error"]
    said = done.stdout + (tmp_path / "out" / "class.csv").read_text()
    assert not {"\x1b", "\u202e"} & set(said)
    assert not [line for line in said.splitlines() if line.startswith("=")]


UNCOMPILED = {
    "signs": f"x = {'-' * 20_000}1",
    "sum": f"y = 1\nx = {'+'.join(['y'] * 20_000)}",
    "endless": "x = f'" + "{1}" * 300_000 + "'",
    "bomb": "".join(f"{' ' * i}try: pass\n{' ' * i}finally:\n" for i in range(19)) + " " * 19 + "x = [y(), y(), y()]",
}


def test_what_python_cannot_compile_takes_nothing_else(tmp_path: Path, course: Path) -> None:
    """A cell costs itself, a module what needs it; neither costs a judge, nor the one who comes next."""
    assignment = load_course(course).assignment("hw0")
    right = {name: solved(text) for name, text in assignment.sources(assignment.solution).items()}
    folder = tmp_path / "class"
    for name, code in UNCOMPILED.items():
        notebook = notebook_of(assignment, right, assignment.sources(assignment.folder))
        notebook.cells.append(new_code_cell(code, metadata={"tags": ["export"]}))
        (folder / f"{name}_in_a_cell").mkdir(parents=True)
        (folder / f"{name}_in_a_cell" / "hw0.ipynb").write_text(written(notebook))
    for name in ("signs", "sum"):
        (folder / name).mkdir()
        (folder / name / "multitask.py").write_text(f"{right['multitask']}\n{UNCOMPILED[name]}\n")

    done = grade(course, folder, tmp_path / "out")
    found = results(tmp_path / "out")
    expected = {f"{name}_in_a_cell": "4" for name in UNCOMPILED} | {"signs": "0", "sum": "0"}
    assert {name: result["points"] for name, result in found.items()} == expected, done.stdout + done.stderr
    for name in UNCOMPILED:
        (told,) = [note for note in found[f"{name}_in_a_cell"]["notes"] if "left out" in note]
        assert re.search(r"cell \d+ \(`.*`\) is not valid Python \(.*(too deeply|too long|too much memory)", told)
    for name in ("signs", "sum"):
        assert {check["verdict"] for check in found[name]["checks"]} == {"invalid"}
        assert "memory" not in json.dumps(found[name])


def test_weak_confinement_has_to_be_asked_for_and_is_on_record(tmp_path: Path, course: Path) -> None:
    folder = tmp_path / "class"
    (folder / "honest").mkdir(parents=True)
    text = (course / "solutions" / "hw0_multitask" / "multitask.py").read_text()
    (folder / "honest" / "multitask.py").write_text(text)

    refused = grade(course, folder, tmp_path / "refused", "--confinement", "bare")
    assert refused.returncode == 2
    assert "--allow-weak" in refused.stderr
    assert results(tmp_path / "refused") == {}

    allowed = grade(course, folder, tmp_path / "allowed", "--confinement", "bare", "--allow-weak")
    assert allowed.returncode == 0, allowed.stderr
    assert "WEAK CONFINEMENT" in allowed.stdout
    assert results(tmp_path / "allowed")["honest"]["environment"]["weak_confinement_allowed"] is True

    strong = grade(course, folder, tmp_path / "strong", "--allow-weak")
    assert results(tmp_path / "strong")["honest"]["environment"]["weak_confinement_allowed"] is False
    assert "WEAK" not in strong.stdout
