"""What all tests of trouble share: the tiny class, graded once without trouble."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parent))  # `run.py` and the tests find the same modules

from classes import tiny
from disturbed import Undisturbed
from runs import Run

SEED = int(os.environ.get("TROUBLE_SEED", int.from_bytes(os.urandom(3), "little")))


@pytest.fixture(scope="session")
def undisturbed() -> Iterator[Undisturbed]:
    folder = Path(tempfile.mkdtemp(prefix="trouble-"))
    folder.chmod(0o755)
    yield Undisturbed.measure(tiny(folder), folder)
    shutil.rmtree(folder)


@pytest.fixture
def seed() -> int:
    """A new one each time; TROUBLE_SEED=... repeats a run."""
    return SEED


@pytest.fixture
def runs(undisturbed: Undisturbed) -> Iterator[list[Run]]:
    """Runs to be ended, whatever becomes of the test."""
    started: list[Run] = []
    yield started
    for run in started:
        run.wait(0)
