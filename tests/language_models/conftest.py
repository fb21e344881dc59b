"""The shared folder as a homework imports it, and what the tests of it have in common."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import torch

HERE = Path(__file__).resolve().parent
FOLDER = HERE.parents[1] / "assignments" / "language_models"
START = f"import sys\nsys.path.insert(0, {str(FOLDER)!r})\n"


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """The models are small, and threads that wait for each other on a busy machine take minutes."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="session")
def lm() -> Any:
    sys.path.insert(0, str(FOLDER))
    try:
        import language_models
    finally:
        sys.path.remove(str(FOLDER))
    return language_models


@pytest.fixture(scope="session")
def oracle() -> ModuleType:
    """oracle.py, for the questions that were put to transformers."""
    spec = spec_from_file_location("language_models_oracle", HERE / "oracle.py")
    assert spec is not None
    assert spec.loader is not None
    made = module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


@pytest.fixture(scope="session")
def minilm_file(lm: Any) -> Path:
    """Where MiniLM's weights lie. Without them the test is skipped: `make models` brings them."""
    return _installed(lm, "MINILM")


@pytest.fixture(scope="session")
def smollm_file(lm: Any) -> Path:
    return _installed(lm, "SMOLLM")


def _installed(lm: Any, name: str) -> Path:
    from language_models import weights

    try:
        return weights.installed(getattr(weights, name))
    except lm.ModelError as error:
        pytest.skip(str(error))


@pytest.fixture
def run() -> Callable[..., str]:
    """Runs a text as a program of its own, with the folder on its path; what it prints. It must end with status 0."""

    def start(program: str, *arguments: str, expect: int = 0, **environment: str) -> str:
        done = subprocess.run(
            [sys.executable, "-c", START + program, *arguments],
            capture_output=True,
            text=True,
            timeout=120,
            env={**os.environ, "OMP_NUM_THREADS": "1", **environment},
        )
        assert done.returncode == expect, done.stdout + done.stderr
        return done.stdout + done.stderr

    return start
