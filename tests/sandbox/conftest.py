from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path
from types import ModuleType

import pytest

from grader.sandbox.forked import Lane, Sandbox

# For this process too: torch here only makes values to send, and the machine has better uses for its cores.
os.environ.setdefault("OMP_NUM_THREADS", "1")

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="confinement needs Linux")


@pytest.fixture(scope="session")
def lane(sandbox: Sandbox) -> Lane:
    return sandbox.lane(0)


@pytest.fixture(scope="session")
def ordinary_user() -> ModuleType:
    """`ordinary_user.run(command)` and `ordinary_user.python(source)`; see that file."""
    spec = importlib.util.spec_from_file_location("ordinary_user", Path(__file__).with_name("ordinary_user.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
