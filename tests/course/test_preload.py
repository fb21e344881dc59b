"""[preload] in assignment.toml: modules of a shared folder, and weights that are found, and are the right ones."""

import json
import os
import re
import sys
from pathlib import Path
from typing import Any

import pytest

from grader.course.preload import Weights
from grader.errors import CourseError, WeightsError

House = Any  # tests/conftest.py


@pytest.fixture
def site(house: House, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder with the distribution of the weights, on the path."""
    site: Path = house.preloads()
    monkeypatch.syspath_prepend(str(site))
    return site


@pytest.fixture
def weights(house: House, site: Path) -> Weights:
    (weights,) = house.assignment.preload.weights
    return weights


def test_a_homework_without_the_table_preloads_nothing(house: House) -> None:
    assert house.assignment.preload is None
    assert house.assignment.preload_files == ()
    assert house.assignment.preload_digests == {}


def test_modules_and_weights_are_found(house: House, site: Path, weights: Weights) -> None:
    assert house.assignment.preload_files == (house.folder / "assignments/models/models.py",)
    assert weights.path() == site / "toy_weights/toy.bin"
    assert weights.requirement == "toy-weights==1.0"


def test_the_package_is_not_imported_to_find_its_file(site: Path, weights: Weights) -> None:
    (site / "toy_weights" / "__init__.py").write_text("raise SystemExit('imported')\n")
    assert weights.path().is_file()
    assert "toy_weights" not in sys.modules


def edited(house: House, before: str, after: str) -> Any:
    """The homework once its description says something else."""
    path = house.folder / "assignments/hw7_tiny/assignment.toml"
    text = path.read_text()
    assert before in text
    path.write_text(text.replace(before, after, 1))
    return house.assignment


@pytest.mark.parametrize(
    ("before", "after", "fault"),
    [
        ('modules = ["models"]', "modules = []", "preload.modules: .*at least 1 item"),
        ('modules = ["models"]', 'modules = ["../models"]', "preload.modules.0: .*match pattern"),
        ('modules = ["models"]', 'modules = ["models", "models"]', "preload: .*module: 'models' is there twice"),
        ('modules = ["models"]', 'modules = ["tiny"]', r"file: .*preload.modules: tiny\.py is written by students"),
        (
            'modules = ["models"]',
            'modules = ["torch"]',
            "file: .*preload.modules: 'torch' is the name of another module",
        ),
        (
            'modules = ["models"]',
            'modules = ["random"]',
            "file: .*preload.modules: 'random' is the name of another module",
        ),
        (
            'modules = ["models"]',
            'modules = ["other"]',
            r"preload.modules: other\.py must lie in one of .*, and is in none of them",
        ),
        (
            'shared = ["models"]\n',
            "",
            r"preload.modules: models\.py must lie in one of the `shared` folders, and is in none of them",
        ),
        ('sha256 = "', 'sha256 = "0', "preload.weights.0.sha256: .*match pattern"),
        ('licence = "MIT"\n', "", "preload.weights.0.licence: Field required"),
        ('get = "make models"', 'get = ""', "preload.weights.0.get: .*at least 1 character"),
        ('name = "toy"', 'name = "toy"\nurl = "https://a.b"', "preload.weights.0.url: .*not permitted"),
    ],
)
def test_a_fault_is_told_with_file_and_key(house: House, site: Path, before: str, after: str, fault: str) -> None:
    with pytest.raises(CourseError, match=rf"hw7_tiny/assignment\.toml: {fault}"):
        edited(house, before, after)


def test_weights_of_one_name_are_refused(house: House, site: Path) -> None:
    text = (house.folder / "assignments/hw7_tiny/assignment.toml").read_text()
    entry = re.findall(r"\[\[preload\.weights\]\].*?(?=\n\n)", text, re.DOTALL)[0]
    with pytest.raises(CourseError, match=r"preload: .*weights: 'toy' is there twice"):
        edited(house, entry, f"{entry}\n\n{entry}")


def test_a_module_in_two_shared_folders_is_refused(house: House, site: Path) -> None:
    (house.folder / "assignments/others").mkdir()
    (house.folder / "assignments/others/models.py").write_text("")
    with pytest.raises(CourseError, match=r"and is in .*/models/models\.py, .*/others/models\.py"):
        edited(house, 'shared = ["models"]', 'shared = ["models", "others"]')


# ---- weights that are not what they should be -----------------------------------------------------------------------


def refused(weights: Weights) -> str:
    """What is said of these weights: one line, with their name and the command."""
    with pytest.raises(WeightsError) as told:
        weights.path()
    text = str(told.value)
    assert len(text.splitlines()) == 1
    assert text.startswith("The weights 'toy' are not here: ")
    assert text.endswith(" Run: make models")
    return text


def test_a_package_that_is_missing_is_told(house: House) -> None:
    house.preloads()  # and not on the path
    (weights,) = house.assignment.preload.weights
    assert "the package toy-weights is not installed." in refused(weights)


def test_another_version_is_told(site: Path, weights: Weights) -> None:
    metadata = site / "toy_weights-1.0.dist-info/METADATA"
    metadata.write_text(metadata.read_text().replace("Version: 1.0", "Version: 1.1"))
    assert "of the package toy-weights version 1.1 is installed, not 1.0." in refused(weights)


def test_a_file_that_the_package_does_not_list_is_told(site: Path, weights: Weights) -> None:
    (site / "toy_weights-1.0.dist-info/RECORD").write_text("toy_weights/other.bin,,\n")
    assert "the package toy-weights==1.0 lists no file toy_weights/toy.bin." in refused(weights)


def test_a_file_that_was_removed_is_told(site: Path, weights: Weights) -> None:
    """From Python 3.12 on, and where `importlib_metadata` is loaded, a package lists only files that are there."""
    (site / "toy_weights/toy.bin").unlink()
    said = refused(weights)
    cannot = f"{site / 'toy_weights/toy.bin'} cannot be read (No such file or directory). Run: "
    assert cannot in said or "lists no file toy_weights/toy.bin. Run: " in said


def test_a_file_that_was_cut_short_is_told(site: Path, weights: Weights) -> None:
    os.truncate(site / "toy_weights/toy.bin", 1000)
    assert "toy.bin (1,000 bytes) is cut short or another file: its SHA-256 is " in refused(weights)


def test_another_file_of_the_same_size_is_told_also_after_a_right_one(site: Path, weights: Weights) -> None:
    file = weights.path()
    data = bytearray(file.read_bytes())
    data[100] ^= 1
    file.write_bytes(data)
    assert "is cut short or another file" in refused(weights)


# ---- what depends on it ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("what", ["module", "beside", "data", "weights"])
def test_what_models_depend_on_has_digests(house: House, site: Path, what: str) -> None:
    folder = house.folder / "assignments/models"
    (folder / "words.tsv").write_text("a\tb\n")
    before = house.assignment.preload_digests
    assert {"models/models.py", "models/words.tsv", "weights toy"} <= set(before)
    if what == "module":
        (folder / "models.py").write_text("WEIGHTS = {}\n")
    elif what == "beside":
        (folder / "layers.py").write_text("x = 1\n")
    elif what == "data":
        (folder / "words.tsv").write_text("a\tc\n")
    else:
        edited(house, 'sha256 = "', f'sha256 = "{"0" * 64}" #')
    after = house.assignment.preload_digests
    assert json.dumps(before) != json.dumps(after)
