"""Several files that could each be the work: what was written counts, and nobody guesses between two that were."""

from __future__ import annotations

import json
import subprocess
import zipfile
from pathlib import Path

import pytest

from grader.course.digest import digest
from grader.intake import Submission, Wanted, read_submission
from grader.intake.beside import unpacked_work

PARTS = {"union": "def union(a, b):\n    raise NotImplementedError", "f": "def f():\n    raise NotImplementedError"}
STUB = "\n\n\n".join(PARTS.values()) + "\n"
WORK = STUB.replace("raise NotImplementedError", "return 1")
OTHER = STUB.replace("raise NotImplementedError", "return 2")
WANTED = Wanted(
    ("multitask.py",),
    "hw0.ipynb",
    {"multitask": {part: digest(text) for part, text in PARTS.items()}},
    {"multitask": digest(STUB)},
    frozenset({"experiment"}),
)


def notebook(module: str) -> str:
    cells = [
        {
            "cell_type": "code",
            "source": source,
            "metadata": {"tags": ["export"], "grader": {"module": "multitask", "part": part}},
        }
        for part, source in zip(PARTS, module.split("\n\n\n"), strict=True)
    ]
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells})


def read(folder: Path, files: dict[str, str], form: str = "folder") -> Submission:
    for name, text in files.items():
        path = folder / "alice" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    if form == "folder":
        return read_submission(folder / "alice", WANTED)
    if form == "zip":
        with zipfile.ZipFile(folder / "alice.zip", "w") as archive:
            for name, text in files.items():
                archive.writestr(name, text)
    else:
        subprocess.run(["tar", "-czf", folder / "alice.tgz", "-C", folder / "alice", "."], check=True)
    return read_submission(folder / f"alice.{form}", WANTED)


WRITTEN: dict[str, dict[str, str]] = {
    # one kind
    "a module beside": {"multitask.py": STUB, "multitask (1).py": WORK},
    "a backup": {"multitask.py": STUB, "multitask.bak": WORK},
    "no suffix": {"multitask.py": STUB, "multitask": WORK},
    "a suffix of another Python": {"multitask.py": STUB, "multitask.py3": WORK},
    "a comma for the dot": {"multitask.py": STUB, "multitask,py": WORK},
    "what an editor kept": {"multitask.py": STUB, "multitask.py~": WORK},
    "a text of another name": {"multitask.py": STUB, "answer.txt": WORK},
    "an empty file": {"multitask.py": "", "old/multitask.py": WORK},
    "a module of two final names": {"multitask.py": STUB, "multitask_final_final2.py": WORK},
    "the copy is untouched": {"multitask.py": WORK, "multitask (1).py": STUB},
    "modules in two folders": {"a/multitask.py": STUB, "b/multitask.py": WORK},
    "a module of another name": {"multitask.py": STUB, "solution.py": WORK, "experiment.py": WORK},
    "a notebook beside": {"hw0.ipynb": notebook(STUB), "hw0 (1).ipynb": notebook(WORK)},
    "a notebook of another name": {"hw0.ipynb": notebook(STUB), "mine.ipynb": notebook(WORK)},
    "notebooks in two folders": {"a/hw0.ipynb": notebook(STUB), "b/hw0.ipynb": notebook(WORK)},
    "an old copy only": {"multitask.py": STUB, "multitask_old.py": WORK},
    # two kinds
    "a module and a notebook": {"multitask.py": WORK, "hw0.ipynb": notebook(STUB)},
    "a notebook and a module": {"multitask.py": STUB, "hw0.ipynb": notebook(WORK)},
    "a notebook of another name, and a module": {"multitask.py": STUB, "Copy of hw0.ipynb": notebook(WORK)},
    "a module of another name, and a notebook": {"multitask-1.py": WORK, "hw0.ipynb": notebook(STUB)},
    "a text, as browsers save it": {"multitask.py": STUB, "multitask.txt": WORK},
    "a notebook, and the script made of it": {"hw0.ipynb": notebook(WORK), "hw0.py": f"# In[1]:\n\n{WORK}\nprint(1)\n"},
    "both untouched, and a copy": {"multitask.py": STUB, "hw0.ipynb": notebook(STUB), "hw0-2.ipynb": notebook(WORK)},
    # depths
    "a module below": {"multitask.py": STUB, "hw0/multitask.py": WORK},
    "a module above": {"multitask.py": WORK, "handout/multitask.py": STUB},
    "a notebook below": {"hw0.ipynb": notebook(STUB), "work/week 1/hw0.ipynb": notebook(WORK)},
    "a notebook below an untouched module": {"multitask.py": STUB, "x/y/hw0.ipynb": notebook(WORK)},
    "a module below an untouched notebook": {"hw0.ipynb": notebook(STUB), "src/multitask.py": WORK},
    "a copy below": {"multitask.py": STUB, "src/multitask (2).py": WORK},
    # the same everywhere
    "twice the same": {"multitask.py": WORK, "multitask (1).py": WORK, "old/multitask.py": WORK},
    "notebooks that hold the same": {"a.ipynb": notebook(WORK), "b.ipynb": notebook(WORK)},
}


@pytest.mark.parametrize("form", ["folder", "zip", "tgz"])
@pytest.mark.parametrize("files", WRITTEN.values(), ids=WRITTEN)
def test_what_was_written_counts(tmp_path: Path, files: dict[str, str], form: str) -> None:
    submission = read(tmp_path, files, form)
    assert submission.refusal is None
    assert digest(submission.modules["multitask"]) == digest(WORK)


DIFFERENT: dict[str, tuple[dict[str, str], str]] = {
    "copies": ({"multitask.py": WORK, "multitask (1).py": OTHER}, "found multitask (1).py, multitask.py, which differ"),
    "folders": ({"a/multitask.py": WORK, "b/multitask.py": OTHER}, "found a/multitask.py, b/multitask.py, which"),
    "copies without the original": ({"multitask-1.py": WORK, "multitask-2.py": OTHER}, "multitask-1.py, multitask-2"),
    "beside the untouched one": (
        {"multitask.py": STUB, "solution.py": WORK, "mine.py": OTHER},
        "it is not clear which file is multitask.py: found mine.py, solution.py",
    ),
    "notebooks": (
        {"hw0.ipynb": notebook(WORK), "hw0 (1).ipynb": notebook(OTHER)},
        "it is not clear which file is hw0.ipynb: found hw0 (1).ipynb, hw0.ipynb",
    ),
    "notebooks of other names": (
        {"a.ipynb": notebook(WORK), "b.ipynb": notebook(OTHER)},
        "it is not clear which notebook counts: found a.ipynb, b.ipynb",
    ),
    "notebooks beside an untouched module": (
        {"multitask.py": STUB, "a.ipynb": notebook(WORK), "b.ipynb": notebook(OTHER)},
        "it is not clear which notebook counts: found a.ipynb, b.ipynb",
    ),
    "a renamed module, and a notebook": (
        {"multitask (1).py": WORK, "hw0.ipynb": notebook(OTHER)},
        "multitask (1).py and hw0.ipynb were both written in, and differ",
    ),
}


@pytest.mark.parametrize(("files", "words"), DIFFERENT.values(), ids=DIFFERENT)
def test_two_that_were_written_and_differ_are_refused_with_their_names(
    tmp_path: Path, files: dict[str, str], words: str
) -> None:
    submission = read(tmp_path, files)
    assert words in str(submission.refusal)
    assert submission.modules == {}


REMARKED: dict[str, tuple[dict[str, str], str]] = {
    "below": (
        {"multitask.py": WORK, "try/multitask.py": OTHER},
        "multitask.py counts; try/multitask.py, deeper and written too, does not",
    ),
    "a notebook below": (
        {"hw0.ipynb": notebook(WORK), "a/b/hw0.ipynb": notebook(OTHER)},
        "hw0.ipynb counts; a/b/hw0.ipynb, deeper and written too, does not",
    ),
    "called old": (
        {"multitask.py": WORK, "multitask_old.py": OTHER},
        "multitask.py counts; multitask_old.py, written too, does not",
    ),
    "an old notebook": (
        {"hw0.ipynb": notebook(WORK), "hw0-backup.ipynb": notebook(OTHER)},
        "hw0.ipynb counts; hw0-backup.ipynb, written too, does not",
    ),
    "a module known by its content": (
        {"hw0.ipynb": notebook(WORK), "solution.py": OTHER},
        "hw0.ipynb counts; solution.py, written too, does not",
    ),
    "both kinds": (
        {"multitask.py": WORK, "hw0.ipynb": notebook(OTHER)},
        "were both written in: multitask.py counts and hw0.ipynb does not",
    ),
    "a notebook that cannot be read": (
        {"hw0.ipynb": "{", "hw0 (1).ipynb": notebook(WORK)},
        "hw0.ipynb cannot be read, so hw0 (1).ipynb counts: hw0.ipynb is not a notebook",
    ),
    "a notebook of another name for the untouched": (
        {"hw0.ipynb": notebook(STUB), "hello.ipynb": notebook(WORK)},
        "hw0.ipynb is as it was handed out, so hello.ipynb counts",
    ),
    "a copy for the untouched": (
        {"multitask.py": STUB, "multitask (1).py": WORK},
        "multitask.py is as it was handed out, so multitask (1).py was taken as multitask.py",
    ),
}


@pytest.mark.parametrize(("files", "words"), REMARKED.values(), ids=REMARKED)
def test_what_an_assistant_should_look_at_is_a_remark(tmp_path: Path, files: dict[str, str], words: str) -> None:
    submission = read(tmp_path, files)
    assert digest(submission.modules["multitask"]) == digest(WORK)
    assert words in "\n".join(submission.remarks)
    assert set(submission.remarks) <= set(submission.notes)


NO_RIVALS = {
    "tests": {"multitask.py": WORK, "test_multitask.py": "import multitask\n"},
    "a program": {"multitask.py": WORK, "run_multitask.py": "print(1)\n"},
    "helpers": {"multitask.py": WORK, "utils.py": "def help(): ...\n", "experiment.py": "def union(a, b): ...\n"},
    "another notebook": {"multitask.py": WORK, "plots.ipynb": "{}"},
    "notes": {"multitask.py": WORK, "multitask.txt": "What I did.\n"},
    "two notebooks of others": {"multitask.py": WORK, "plots.ipynb": "{}", "data.ipynb": "{}"},
}


@pytest.mark.parametrize("files", NO_RIVALS.values(), ids=NO_RIVALS)
def test_files_that_only_sound_like_the_work_are_no_rivals(tmp_path: Path, files: dict[str, str]) -> None:
    submission = read(tmp_path, files)
    assert submission.modules == {"multitask": WORK}
    assert submission.remarks == ()


def test_only_so_much_is_looked_into(tmp_path: Path) -> None:
    many = {f"multitask ({n}).py": f"{OTHER}# {n}{'#' * 900_000}\n" for n in range(40)}
    submission = read(tmp_path, {"multitask.py": WORK, **many})
    assert submission.modules == {}
    assert "it is not clear which file is multitask.py" in str(submission.refusal)


def test_work_that_is_not_packed_is_named(tmp_path: Path) -> None:
    files = {
        "multitask.py": WORK,
        "multitask (1).py": WORK,  # holds the same
        "multitask_v2.py": OTHER,
        "hw0.ipynb": notebook(OTHER),  # which of the two views counts is told elsewhere
        "hw0 (1).ipynb": notebook(OTHER),
        "plots.ipynb": "{}",
        "mine.py": OTHER,
        "utils.py": "def help(): ...\n",
        "probes.py": OTHER,  # handed out: probes are called like what they ask for
        "starter.ipynb": notebook(STUB),
    }
    read(tmp_path, files)
    found = unpacked_work(tmp_path / "alice", WANTED, {"multitask": WORK})
    assert found == ["hw0 (1).ipynb", "mine.py", "multitask_v2.py"]
