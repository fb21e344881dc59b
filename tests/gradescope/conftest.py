from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

HERE = Path(__file__).parent


def load(name: str) -> ModuleType:
    """A module beside the tests, which other programs import too."""
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, HERE / f"{name}.py")
        assert spec is not None
        assert spec.loader is not None
        sys.modules[name] = module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    return sys.modules[name]


@pytest.fixture(scope="session")
def made() -> ModuleType:
    """Results that are made up."""
    return load("made")


@pytest.fixture(scope="session")
def local_platform() -> ModuleType:
    """Gradescope on this machine. It works for root on Linux alone."""
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("the platform runs everything as root, on Linux")
    pytest.importorskip("pyseccomp")
    return load("local_platform")


@pytest.fixture(scope="session")
def measure(local_platform: ModuleType) -> ModuleType:
    """What a person measures with."""
    return load("measure_platform")


@pytest.fixture(scope="module")
def place() -> Iterator[Path]:
    """A folder that every user may enter: what is closed in it is closed by its own mode. pytest's own are closed."""
    with load("open_folder").open_folder() as folder:
        yield folder
