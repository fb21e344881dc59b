"""What decides a grade: found in the framework by its imports, in the homework by the kinds of files."""

import json
import platform
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from grader.authoring import framework
from grader.proof import deciding
from grader.proof.deciding import kind_of_processor
from grader.sandbox.processor import pinned

House = Any  # tests/conftest.py
GRADER = Path(deciding.__file__).parents[1]
Changed = Callable[[str, str, str], set[str]]


def what_changed(before: dict[str, str], after: dict[str, str]) -> set[str]:
    return {name for name in {*before, *after} if before.get(name) != after.get(name)}


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a copy of the framework, whose files a test may change if it mends them again."""
    folder = tmp_path_factory.mktemp("copied")
    shutil.copytree(GRADER, folder / "grader", ignore=shutil.ignore_patterns("__pycache__"))
    return folder


@pytest.fixture
def changed(house: House, copied: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Changed]:
    """What an edit changes: `changed(file, old, new)`, of a file of the tiny course or of the copied framework."""
    monkeypatch.setattr(framework, "PACKAGE", copied / "grader")
    monkeypatch.setattr(deciding, "PACKAGE", copied / "grader")
    before = deciding.deciding(house.assignment)
    mended = {}

    def edited(file: str, old: str, new: str) -> set[str]:
        path = (copied if file.startswith("grader/") else house.folder) / file
        mended[path] = text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new, 1))
        return what_changed(before, deciding.deciding(house.assignment))

    yield edited
    for path, text in mended.items():
        path.write_text(text)


def test_both_sides_of_the_border_decide_and_what_only_tells_does_not(house: House) -> None:
    found = deciding.deciding(house.assignment)
    for file in (
        "batch/lane.py", "judge/session.py", "judge/compare.py", "judge/judge.ini", "sandbox/zygote.py",
        "sandbox/worker.py", "sandbox/confine/x86_64.bpf", "authoring/overlay.py", "intake/submission.py",
    ):  # fmt: skip
        assert f"grader/{file}" in found
    others = {name.split("/")[1] for name in found if name.startswith("grader/") and name.count("/") > 1}
    assert others <= {"course", "authoring", "intake", "sandbox", "judge", "batch", "proof", "commands"}
    assert [name for name in found if name.startswith("grader/commands/")] == ["grader/commands/__init__.py"]
    assert {"processor", *(f"version of {name}" for name in ("torch", "numpy", "pytest", "msgpack", "python"))} <= set(
        found
    )
    assert {
        "solutions/hw7_tiny/mutants/sums.toml",
        "solutions/hw7_tiny/checks/test_hidden.py",
        "solutions/grading.toml",
        "assignments/hw7_tiny/assignment.toml",
        "assignments/hw7_tiny/probes.py",
        "assignments/hw7_tiny/checks/test_public.py",
    } <= set(found)
    assert not [name for name in found if name.endswith((".md", ".ipynb", "equivalent.toml"))]


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("grader/judge/compare.py", "import numpy as np", "import numpy as np\n\nLOOSE = 1"),
        ("grader/sandbox/worker.py", "import sys", "import sys\n\nFAST = 1"),
        ("grader/authoring/overlay.py", "import ast", "import ast\n\nFIRST = 1"),
        ("solutions/hw7_tiny/mutants/sums.toml", ".sum()", ".sum(0)"),
        ("solutions/hw7_tiny/mutants/sums.toml", 'problem = "2"', 'problem = "1"'),
        ("solutions/hw7_tiny/alternatives/adds.py", "x + x", "x + x + 0"),
        ("solutions/hw7_tiny/tiny.py", "x.numel() == 0", "x.numel() < 1"),
        ("solutions/hw7_tiny/checks/test_hidden.py", "points=2", "points=3"),
        ("assignments/hw7_tiny/probes.py", "def ", "X = 1\n\n\ndef "),
        ("assignments/hw7_tiny/assignment.toml", "points = ", "points =  "),
    ],
)
def test_a_change_that_may_change_a_grade_is_seen(changed: Changed, file: str, old: str, new: str) -> None:
    assert file in changed(file, old, new)


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("grader/judge/compare.py", "import numpy as np", "import numpy as np  # arrays"),
        ("grader/report/terminal.py", "from collections", "import re\nfrom collections"),
        ("grader/commands/live.py", "import linecache", "import abc\nimport linecache"),
        ("grader/authoring/leaks.py", "import re", "import abc\nimport re"),
        ("grader/proof/verify.py", "REFERENCE_SEEDS = 20", "REFERENCE_SEEDS = 21"),
        ("assignments/hw7_tiny/README.md", "#", "# A title:"),
        ("solutions/hw7_tiny/mutants/sums.toml", 'hint = "', 'hint = "Look again. '),
        ("solutions/hw7_tiny/equivalent.toml", "The same", "Quite the same"),
    ],
)
def test_a_change_that_cannot_is_not(changed: Changed, file: str, old: str, new: str) -> None:
    assert changed(file, old, new) == set()


def test_what_people_give_points_for_decides_no_check(house: House) -> None:
    before = deciding.deciding(house.assignment)
    (house.assignment.solution / "rubric.toml").write_text("questions = []\n")
    assert deciding.deciding(house.assignment) == before


def test_a_new_module_counts_as_soon_as_something_imports_it(changed: Changed, copied: Path) -> None:
    (copied / "grader" / "judge" / "novel.py").write_text("NEAR = 1e-3\n")
    line = "import numpy as np"
    assert changed("grader/judge/compare.py", line, f"{line}\nfrom grader.judge.novel import NEAR") == {
        "grader/judge/compare.py",
        "grader/judge/novel.py",
    }


def test_arrays_of_a_shared_folder_count(house: House) -> None:
    pictures = house.shares()
    before = deciding.deciding(house.assignment)
    np.savez(pictures / "pictures.npz", images=np.zeros((3, 3), dtype=np.uint8), names=np.array(["a/1", "a/2", "b/1"]))
    assert what_changed(before, deciding.deciding(house.assignment)) == {"assignments/pictures/pictures.npz"}


def test_a_docstring_that_names_another_module_counts(house: House) -> None:
    description = house.folder / "assignments/hw7_tiny/assignment.toml"
    description.write_text(description.read_text().replace('["tiny.py"]', '["tiny.py", "other.py"]'))
    for place in ("assignments", "solutions"):
        (house.folder / place / "hw7_tiny/other.py").write_text("def twice(x): ...\n")
    adds = house.folder / "solutions/hw7_tiny/alternatives/adds.py"
    docstring, rest = adds.read_text().split('"""')[1:]
    adds.write_text(f'"""{docstring}\n\nModule: tiny\n"""{rest}')
    before = deciding.deciding(house.assignment)
    adds.write_text(adds.read_text().replace("Module: tiny", "Module: other"))
    assert what_changed(before, deciding.deciding(house.assignment)) == {
        "which modules mutants and alternatives change"
    }


def test_a_library_of_another_version_counts(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    before = deciding.deciding(house.assignment)
    installed = deciding.version
    monkeypatch.setattr(deciding, "version", lambda name: "0.0" if name == "msgpack" else installed(name))
    assert what_changed(before, deciding.deciding(house.assignment)) == {"version of msgpack"}


def test_processors_that_compute_differently_have_different_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(platform, "machine", lambda: "x86_64")
    for name in pinned():  # the whole suite may run with a processor's abilities pinned
        monkeypatch.delenv(name)

    def named(vendor: str, flags: str, model: int = 1) -> str:
        told = tmp_path / f"{vendor} {flags} {model}"  # what is read of a file is kept
        told.write_text(f"vendor_id\t: {vendor}\nmodel\t: {model}\nflags\t\t: fpu {flags} sse2\n\nvendor_id\t: other\n")
        monkeypatch.setattr(deciding, "CPUINFO", told)
        return kind_of_processor()

    assert named("GenuineIntel", "avx2 avx512f") == "x86_64 GenuineIntel avx512f"
    assert named("GenuineIntel", "avx2 avx512f", model=2) == "x86_64 GenuineIntel avx512f"
    assert named("AuthenticAMD", "avx2") == "x86_64 AuthenticAMD avx2"
    assert named("GenuineIntel", "") == "x86_64 GenuineIntel"
    monkeypatch.setenv("MKL_CBWR", "COMPATIBLE")
    assert named("GenuineIntel", "avx2") == "x86_64 GenuineIntel avx2 MKL_CBWR=COMPATIBLE"


def test_a_class_is_graded_with_what_decides_and_with_what_is_said(house: House) -> None:
    found = deciding.graded_with(house.assignment)
    assert {"grader/judge/compare.py", "solutions/hw7_tiny/mutants/sums.toml", "version of torch"} <= set(found)
    assert not {"solutions/grading.toml", "solutions/hw7_tiny/alternatives/adds.py"} & set(found)
    assert set(found) - {deciding.HANDED_OUT} <= set(deciding.deciding(house.assignment))
    assert deciding.graded_with(house.assignment) == found  # now what was kept of it
    path = house.folder / "solutions/hw7_tiny/checks/test_hidden.py"
    path.write_text(f"{path.read_text()}# a comment\n")
    assert what_changed(found, deciding.graded_with(house.assignment)) == {"solutions/hw7_tiny/checks/test_hidden.py"}


def test_of_what_was_handed_out_that_counts_which_the_intake_reads(house: House) -> None:
    before = deciding.graded_with(house.assignment)
    path = house.assignment.notebook
    notebook = json.loads(path.read_text())
    notebook["cells"].append({"cell_type": "markdown", "id": "more", "metadata": {}, "source": "Read this too."})
    path.write_text(json.dumps(notebook))
    assert deciding.graded_with(house.assignment) == before
    other = house.folder / "assignments/hw8_other"
    other.mkdir()
    (other / "hw8.ipynb").write_text(json.dumps({"metadata": {"grader": {"cells": {"other": {"thrice": "0"}}}}}))
    of_another = deciding.graded_with(house.assignment)
    assert what_changed(before, of_another) == {deciding.HANDED_OUT}
    notebook["metadata"]["grader"]["cells"]["tiny"]["thrice"] = "0"
    path.write_text(json.dumps(notebook))
    assert what_changed(of_another, deciding.graded_with(house.assignment)) == {deciding.HANDED_OUT}


def test_headings_of_a_document_count_and_its_questions_do_not(house: House) -> None:
    description = house.assignment.folder / "assignment.toml"
    description.write_text(f'document = "tiny.md"\n{description.read_text()}')
    path = house.assignment.folder / "tiny.md"
    path.write_text("### twice\n\n> What is it?\n")
    before = deciding.graded_with(house.assignment)
    path.write_text("### twice\n\n> What is it, and why?\n")
    assert deciding.graded_with(house.assignment) == before
    path.write_text("### thrice\n\n> What is it?\n")
    assert what_changed(before, deciding.graded_with(house.assignment)) == {deciding.HANDED_OUT}


def test_a_new_file_of_the_grader_is_found_though_the_list_was_kept(
    house: House, copied: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(framework, "PACKAGE", copied / "grader")
    monkeypatch.setattr(deciding, "PACKAGE", copied / "grader")
    before = deciding.graded_with(house.assignment)
    (copied / "grader" / "judge" / "later.py").write_text("LATER = 1\n")
    path = copied / "grader" / "judge" / "compare.py"
    text = path.read_text()
    path.write_text(f"{text}\nfrom grader.judge import later\n")
    assert what_changed(before, deciding.graded_with(house.assignment)) == {
        "grader/judge/compare.py",
        "grader/judge/later.py",
    }
    path.write_text(text)
    (copied / "grader" / "judge" / "later.py").unlink()
