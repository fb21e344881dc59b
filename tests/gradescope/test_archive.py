"""What is in the archive: all that grading needs, and of the solution no more."""

from __future__ import annotations

import hashlib
import io
import json
import os
import stat
import zipfile
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from grader.batch.known import KnownMistakes
from grader.commands.gradescope import looks, write_archive
from grader.course.assignment import Assignment, Course, load_course
from grader.gradescope.archive import archive_files, zipped
from grader.gradescope.findings import packed, unpacked
from grader.gradescope.settings import Settings
from grader.proof.specimens import mistakes

House = Any  # tests/conftest.py
REPOSITORY = Path(__file__).parents[2]
COURSE = load_course(REPOSITORY)


@cache
def of_homework(homework: str) -> dict[str, bytes]:
    """The archive of a homework of ours; making one takes seconds."""
    return files_of(COURSE, COURSE.assignment(homework))


def files_of(course: Course, assignment: Assignment) -> dict[str, bytes]:
    return archive_files(course, assignment, Settings(homework=assignment.name), [])


@pytest.mark.parametrize("homework", COURSE.names())
def test_of_the_solution_there_is_what_grading_needs_and_no_more(homework: str) -> None:
    assignment = COURSE.assignment(homework)
    files = of_homework(homework)
    secret = {name for name in files if name.startswith("solutions/")}
    own = f"solutions/{assignment.name}/"
    modules = {f"{own}{name}" for name in assignment.modules}
    rest = {name for name in secret - modules if not name.startswith(f"{own}checks/")}
    assert modules <= secret
    assert rest - {f"{own}calibration.json"} <= {"solutions/grading.toml", f"{own}declared.toml"}
    assert not [name for name in files if "rubric" in name or "mutants" in name or "alternatives" in name]


@pytest.mark.parametrize("homework", COURSE.names())
def test_no_file_of_the_archive_holds_a_known_mistake(homework: str) -> None:
    """By digests of whole files, and by names: also calibration.json says nothing of them."""
    assignment = COURSE.assignment(homework)
    files = of_homework(homework)
    solution = assignment.solution
    away = [path for name in ("mutants", "alternatives", "restyled") for path in (solution / name).rglob("*.*")]
    away += [*solution.glob("rubric*"), *solution.glob("*.md")]
    digests = {hashlib.sha256(path.read_bytes()).hexdigest() for path in away if path.is_file()}
    assert not [name for name, content in files.items() if hashlib.sha256(content).hexdigest() in digests]
    secret = b"\n".join(content for name, content in files.items() if name.startswith("solutions/"))
    assert [each.name for each in mistakes(assignment) if f'"{each.name}"'.encode() in secret] == []


def test_the_scripts_are_at_the_root_and_can_be_run(house: House) -> None:
    course = load_course(house.folder)
    content = zipped(files_of(course, course.assignment("hw7")))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        modes = {entry.filename: entry.external_attr >> 16 for entry in archive.infolist()}
        assert archive.read("run_autograder").startswith(b"#!/usr/bin/env bash\n")
        assert archive.read("setup.sh").startswith(b"#!/usr/bin/env bash\n")
    assert [name for name, mode in modes.items() if mode & stat.S_IXUSR] == ["run_autograder", "setup.sh"]


def test_the_same_course_makes_the_same_bytes(house: House) -> None:
    course = load_course(house.folder)
    one, other = (zipped(files_of(course, course.assignment("hw7"))) for _ in range(2))
    assert one == other


def test_it_asks_for_the_libraries_that_grading_imports_and_no_others() -> None:
    files = of_homework("hw0_multitask")
    needed = files["requirements.txt"].decode().split()
    assert {"torch", "numpy", "pytest", "pydantic", "click", "rich", "msgpack", "landlockpy"} <= set(needed)
    assert not {"sqlalchemy", "alembic", "starlette", "cosmic-ray", "jupytext", "hypothesis"} & set(needed)
    assert b"torch==" in files["constraints.txt"]
    assert files["weights.txt"] == b""


def test_weights_are_packages_that_building_the_image_installs() -> None:
    files = of_homework("hw3_finetune")
    weights = COURSE.assignment("hw3").preload.weights  # type: ignore[union-attr]
    assert files["weights.txt"].decode().split() == list(dict.fromkeys(each.requirement for each in weights))
    assert not [name for name in files if name.endswith((".safetensors", ".gguf"))]


def test_the_command_writes_it_for_its_owner_alone(house: House, tmp_path: Path) -> None:
    course, said = load_course(house.folder), io.StringIO()
    out = tmp_path / "results" / "hw7.zip"
    write_archive(
        course,
        course.assignment("hw7"),
        out,
        Settings(homework="hw7_tiny"),
        console=Console(file=said, width=200),
        sandbox=house.sandbox,
    )
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert out.stat().st_uid == os.geteuid()
    with zipfile.ZipFile(out) as archive:
        told = json.loads(archive.read("mistakes.json"))
        assert {each["name"] for each in told} == {each.name for each in mistakes(course.assignment("hw7"))}
        assert all(archive.read(f"mistakes/{each['name']}.frame") for each in told)
    assert "It is secret: it holds solutions/grading.toml" in said.getvalue()
    assert os.listdir(out.parent) == ["hw7.zip"]


def test_findings_are_known_to_the_grader_on_any_processor(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Unpacked where nothing was kept before: nothing has to be judged, and what is damaged is left out."""
    course = load_course(house.folder)
    assignment, secret = course.assignment("hw7"), course.grading_seed
    wrongs = looks(assignment, secret, Settings(homework="hw7_tiny"), None, Console(file=io.StringIO()), house.sandbox)
    for name, content in packed(wrongs).items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(content)
    monkeypatch.setenv("MKL_CBWR", "COMPATIBLE")  # as good as another processor: other last digits
    found = unpacked(tmp_path, assignment, secret)
    assert {each.name for each in found} == {each.name for each in mistakes(assignment)}
    assert all(not each.modules for each in found)
    assert KnownMistakes(assignment, found, secret, frozenset()).missing() == []
    (tmp_path / "mistakes" / "sums.frame").write_bytes(b"damaged")
    monkeypatch.setenv("MKL_CBWR", "AVX2")
    assert {each.name for each in unpacked(tmp_path, assignment, secret)} == {each.name for each in found} - {"sums"}
