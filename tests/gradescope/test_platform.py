"""The archive on the platform: its own setup.sh and run_autograder, as root, where namespaces are refused.

One image of the tiny course serves all tests here. Each grades in empty folders, as the platform lays them out.
"""

from __future__ import annotations

import io
import json
import os
import shutil
import signal
import stat
import subprocess
import threading
import time
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import jsonschema
import pytest
from rich.console import Console

from grader.authoring.notebook import notebook_of, written
from grader.commands.gradescope import write_archive
from grader.course.assignment import load_course
from grader.gradescope.settings import Settings
from grader.sandbox.forked import Sandbox

TINY = Path(__file__).parents[1] / "courses" / "tiny"
SCHEMA = json.loads((Path(__file__).parent / "results.schema.json").read_text())
# Where a worker's answer, an exception or the printed would show a secret.
NOSY = """
import os
import torch

FOUND = []
for place in {places}:
    try:
        FOUND.append(os.listdir(place) if os.path.isdir(place) else open(place, "rb").read(40))
    except OSError:
        continue
for place in {places}:
    try:
        open(os.path.join(place, "results.json") if os.path.isdir(place) else place, "ab").close()
        FOUND.append("written " + place)
    except OSError:
        continue


def twice(x):
    return 2 * x if FOUND else 3 * x


def mean(x):
    if len(x) == 0:
        raise ValueError
    return twice(x).mean()
"""


@pytest.fixture(scope="module")
def image(place: Path, local_platform: ModuleType, sandbox: Sandbox) -> Any:
    """The platform with the tiny course's archive, built with a trial: the reference has full marks there."""
    shutil.copytree(TINY, place / "course", ignore=shutil.ignore_patterns(".cache", "__pycache__"))
    course = load_course(place / "course")
    archive, quiet = place / "hw7.zip", Console(file=io.StringIO())
    write_archive(course, course.assignment("hw7"), archive, Settings(homework="hw7_tiny"), None, quiet, sandbox)
    return local_platform.Platform.built(archive, place)


@pytest.fixture(scope="module")
def reference() -> str:
    return (TINY / "solutions" / "hw7_tiny" / "tiny.py").read_text()


def handed_in(folder: Path, **files: str) -> Path:
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / f"{name}.py").write_text(text)
    return folder


def checked(run: Any) -> Any:
    jsonschema.Draft202012Validator(SCHEMA).validate(run.results)
    assert len(run.text) < 100_000
    return run


def settings(image: Any, **changed: Any) -> None:
    path = image.root / "source" / "settings.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **changed}))


def test_building_the_image_closes_the_archive_and_grades_the_reference(image: Any) -> None:
    assert "The reference has 5.5 of 5.5 points here." in (image.root / "setup.txt").read_text()
    source = image.root / "source"
    assert [path for path in (source, *source.rglob("*")) if path.stat().st_mode & 0o077] == []


@pytest.fixture(scope="module")
def full(image: Any, reference: str, place: Path) -> Any:
    """The run of the reference."""
    return checked(image.run(handed_in(place / "full", tiny=reference)))


def test_the_reference_has_full_marks_without_namespaces(full: Any) -> None:
    run = full
    assert (run.status, run.state, run.results["score"]) == (0, "graded", 5.5)
    assert {test["status"] for test in run.results["tests"]} == {"passed"}
    layers = run.results["extra_data"]["layers"]
    assert "namespaces" not in layers
    assert {"user", "seccomp", "rlimits"} <= set(layers)
    about = {key: run.results["extra_data"][key] for key in ("submission", "submitted_at", "students", "attempt")}
    assert about == {
        "submission": "123456",
        "submitted_at": "2027-03-06T05:10:00.365935+00:00",
        "students": ["ada@uni.edu", "alan@uni.edu"],
        "attempt": 2,
    }


def test_a_notebook_is_read_as_anywhere_else(image: Any, place: Path, tmp_path: Path) -> None:
    assignment = load_course(place / "course").assignment("hw7")
    filled = notebook_of(assignment, assignment.sources(assignment.solution), assignment.sources(assignment.folder))
    work = handed_in(tmp_path / "work")
    (work / "hw7.ipynb").write_text(written(filled))
    assert checked(image.run(work)).results["score"] == 5.5


def test_a_second_run_says_the_same(full: Any, image: Any, reference: str, tmp_path: Path) -> None:
    again = image.run(handed_in(tmp_path / "work", tiny=reference))
    assert {**again.results, "execution_time": 0} == {**full.results, "execution_time": 0}


def test_a_known_mistake_is_named_though_its_source_is_not_there(image: Any, reference: str, tmp_path: Path) -> None:
    wrong = reference.replace(".mean()", ".sum()")
    assert wrong != reference
    run = checked(image.run(handed_in(tmp_path / "work", tiny=wrong)))
    told = "\n".join(test["output"] for test in run.results["tests"])
    assert "this looks like: " in told
    assert not list((image.root / "source").rglob("mutants"))


def test_what_cannot_be_read_is_told_with_what_to_do(image: Any, tmp_path: Path) -> None:
    run = checked(image.run(handed_in(tmp_path / "work")))
    assert (run.status, run.state, run.results["score"]) == (0, "graded", 0)
    assert "make submit HW=hw7" in run.results["output"]
    assert run.results["extra_data"]["verdict"] == "invalid"


def test_a_secret_is_out_of_reach_by_modes_alone(
    image: Any, local_platform: ModuleType, reference: str, tmp_path: Path
) -> None:
    """On a kernel without Landlock: whoever finds something has the points, so there are none."""
    root = image.root
    places = [
        str(path)
        for path in (
            root / "source",
            root / "source" / "solutions" / "grading.toml",
            root / "source" / "solutions" / "hw7_tiny" / "tiny.py",
            root / "results",
            root / "submission",
            root / "submission_metadata.json",
        )
    ]
    older = replace(image, refused=(*image.refused, *local_platform.LANDLOCK))
    run = checked(older.run(handed_in(tmp_path / "work", tiny=NOSY.format(places=places))))
    assert run.state == "graded"
    assert "landlock" not in run.results["extra_data"]["layers"]
    assert [test["status"] for test in run.results["tests"] if test["number"][0] == "1"].count("passed") == 0


def test_a_link_to_the_reference_is_no_submission(image: Any, tmp_path: Path) -> None:
    """A repository that is handed in may hold links, and the grader reads as root."""
    work = handed_in(tmp_path / "work")
    (work / "tiny.py").symlink_to(image.root / "source" / "solutions" / "hw7_tiny" / "tiny.py")
    run = checked(image.run(work))
    assert run.results["score"] == 0
    assert run.results["extra_data"]["verdict"] == "invalid"


def test_where_a_worker_could_read_the_archive_nothing_is_graded(image: Any, reference: str, tmp_path: Path) -> None:
    """Without confinement a worker is root, whom no mode stops."""
    settings(image, confinement="bare")
    try:
        run = checked(image.run(handed_in(tmp_path / "work", tiny=reference)))
    finally:
        settings(image, confinement="best")
    assert (run.status, run.state, run.results["score"]) == (1, "grader_error", 0)
    assert run.results["output"].startswith("NOT GRADED, by our own mistake.")
    assert "grading.toml: read_file by a worker ended with returned" in run.stdout
    assert "grading.toml" not in run.text


def test_what_no_time_is_left_for_is_no_grade(image: Any, reference: str, tmp_path: Path) -> None:
    settings(image, minutes=0.0001)
    try:
        run = checked(image.run(handed_in(tmp_path / "work", tiny=reference)))
    finally:
        settings(image, minutes=10)
    assert (run.status, run.state, run.results["score"]) == (1, "grader_error", 0)


def test_whoever_ends_the_grader_leaves_what_was_known(image: Any, reference: str, tmp_path: Path) -> None:
    """The platform kills everything when the time is over."""
    endless = reference.replace("def mean", "def mean(x):\n    import time\n    time.sleep(1000)\n\n\ndef _mean")
    killed: list[dict[str, Any]] = []
    path = image.root / "results" / "results.json"

    def kill() -> None:
        until = time.monotonic() + 120
        while time.monotonic() < until:
            found = json.loads(path.read_text()) if path.exists() else {"tests": []}
            if any(test["tags"][0] != "not put" for test in found["tests"]):
                killed.append(found)
                break
            time.sleep(0.05)
        for process in Path("/proc").glob("[0-9]*/cmdline"):
            try:
                if f"--root\0{image.root}\0".encode() in process.read_bytes():
                    os.kill(int(process.parent.name), signal.SIGKILL)
            except OSError:
                continue

    watching = threading.Thread(target=kill)
    run = image.run(handed_in(tmp_path / "work", tiny=endless), prepare=watching.start)
    watching.join()
    checked(run)
    assert run.status != 0
    assert run.state == "unfinished"
    assert run.results["output"].startswith("NOT FINISHED: ")
    assert len(killed) == 1
    assert len(run.results["tests"]) == len(killed[0]["tests"])


def test_a_grader_that_cannot_start_has_said_that_nothing_is_graded(image: Any, tmp_path: Path) -> None:
    broken = replace(image, environment={"GRADER_PYTHON": "/no/such/python"})
    run = checked(broken.run(handed_in(tmp_path / "work", tiny="")))
    assert run.status != 0
    assert run.state == "begun"
    assert run.results["output"].startswith("NOT GRADED YET.")


def test_an_archive_with_a_broken_check_says_so_when_the_image_is_built(
    place: Path, image: Any, local_platform: ModuleType
) -> None:
    """And not when the first student hands in."""
    check = image.root / "source" / "solutions" / "hw7_tiny" / "checks" / "test_hidden.py"
    text = check.read_text()
    check.write_text(text + "\n\nraise RuntimeError('a broken check')\n")
    try:
        status, _ = image.call([str(image.root / "source" / "setup.sh")], place / "said.txt")
    finally:
        check.write_text(text)
        check.chmod(stat.S_IRUSR | stat.S_IWUSR)
    assert status != 0
    assert "a broken check" in (place / "said.txt").read_text()


def test_the_scripts_are_plain_shell() -> None:
    scripts = Path(__file__).parents[2] / "grader" / "gradescope" / "scripts"
    for name in ("setup.sh", "run_autograder"):
        subprocess.run(["bash", "-n", str(scripts / name)], check=True, timeout=60)
