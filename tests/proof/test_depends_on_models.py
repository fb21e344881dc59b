"""Whatever is kept of a homework that preloads models is of these modules, this data and these weights."""

import hashlib
import itertools
import json
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

from grader.batch.known import KnownMistakes
from grader.course.assignment import Assignment
from grader.judge import calibration, engine
from grader.judge.specimen import Specimen
from grader.proof import kept
from grader.proof.deciding import deciding
from grader.sandbox import wire
from grader.sandbox.processor import processor

House = Any  # tests/conftest.py
MISTAKE = Specimen("sums", "mutant", {"tiny": ""}, "1", "You summed.")


def answers(assignment: Assignment) -> Path:
    return engine.answers_of(assignment, engine.inline(assignment))._folder


def mistakes(assignment: Assignment) -> Path:
    return KnownMistakes(assignment, [MISTAKE], 7, frozenset())._path(MISTAKE)


KEPT: dict[str, Callable[[Assignment], object]] = {
    "known.json": deciding,
    "proofs.json": kept.depends,
    "calibration.json": calibration.depends,
    ".cache, answers of the reference": answers,
    ".cache, known mistakes": mistakes,
}


@pytest.fixture
def models(house: House) -> Path:
    """The folder of the models. What the homework's checks name does not matter: none names it."""
    house.preloads()
    place: Path = house.folder / "assignments/models"
    (place / "words.tsv").write_text("a\tb\n")
    (place / "beside.py").write_text("SCALE = 2\n")
    return place


@pytest.mark.parametrize("of", KEPT)
def test_it_is_of_these_models(house: House, models: Path, of: str) -> None:
    depends = KEPT[of]
    seen = [depends(house.assignment)]
    assert depends(house.assignment) == seen[0]
    (models / "models.py").write_text("WEIGHTS = {}\n")
    seen.append(depends(house.assignment))
    (models / "beside.py").write_text("SCALE = 3\n")
    seen.append(depends(house.assignment))
    (models / "words.tsv").write_text("a\tc\n")
    seen.append(depends(house.assignment))
    description = house.assignment.folder / "assignment.toml"
    description.write_text(description.read_text().replace('sha256 = "', f'sha256 = "{"0" * 64}" #'))
    seen.append(depends(house.assignment))
    for before, after in itertools.pairwise(seen):
        assert before != after


@pytest.mark.parametrize("of", ["known.json", "proofs.json", "calibration.json"])
def test_a_comment_in_a_module_changes_nothing(house: House, models: Path, of: str) -> None:
    before = KEPT[of](house.assignment)
    module = models / "models.py"
    module.write_text(module.read_text() + "\n# a comment\n")
    assert KEPT[of](house.assignment) == before


def test_without_models_kept_answers_are_where_they_were(house: House) -> None:
    """Nobody who has no models loses what is kept."""
    assignment = house.assignment
    versions = [version("torch"), version("numpy"), wire.MAGIC.decode(), processor()]
    identity = [assignment.sources(assignment.solution), assignment.probes, *versions]
    name = hashlib.sha256(json.dumps(identity, sort_keys=True).encode()).hexdigest()[:24]
    assert answers(assignment) == assignment.solution / ".cache" / name
