"""What a submission does to its own process stays its own: no way to end it makes the grader take the blame."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from classes import LEFT_OUT, TINY
from ways_to_end import ways

HERE = Path(__file__).parent


def load(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


ordinary_user = load(HERE.parent / "sandbox" / "ordinary_user.py")
MODES = [(user, confinement) for user in ("root", "ordinary") for confinement in ("full", "container")]
ITS_OWN = {"failed", "crashed", "timeout"}
LIMITS = {
    "call_cpu_s": 1,
    "call_wall_s": 0.7,
    "import_cpu_s": 2,
    "import_wall_s": 1.5,
    "total_cpu_s": 6,
    "memory_mb": 300,
}


@pytest.fixture(scope="module")
def place() -> Iterator[Path]:
    """A folder that every user may enter, with a tiny course of short limits."""
    folder = Path(tempfile.mkdtemp(prefix="trouble-"))
    shutil.copytree(TINY, folder / "course", ignore=LEFT_OUT)
    (folder / "course" / "assignments" / "hw7_tiny" / "checks" / "test_public.py").unlink()
    described = folder / "course" / "assignments" / "hw7_tiny" / "assignment.toml"
    head, _, tail = described.read_text().partition("[limits]")
    limits = "".join(f"{name} = {value}\n" for name, value in LIMITS.items())
    described.write_text(f"{head}[limits]\n{limits}\n[[problems]]{tail.split('[[problems]]', 1)[1]}")
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o777 if path.is_dir() else 0o666)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="module", params=MODES, ids=["-".join(mode) for mode in MODES])
def graded(request: pytest.FixtureRequest, place: Path) -> dict[str, Any]:
    user, confinement = request.param
    if user == "root" and os.geteuid() != 0:
        pytest.skip("only root can be root")
    shutil.rmtree(place / "course" / "solutions" / "hw7_tiny" / ".cache", ignore_errors=True)
    out = place / f"{user}-{confinement}.json"
    settings = {"course": str(place / "course"), "out": str(out), "confinement": confinement}
    command = [sys.executable, str(HERE / "run_ways.py"), json.dumps(settings)]
    if user == "root":
        done = subprocess.run(command, capture_output=True, text=True, timeout=600, cwd="/", check=False)
    else:
        done = ordinary_user.run(command, timeout_s=600)
    if "full confinement is not to be had here" in done.stderr:
        pytest.skip("this machine has no namespaces for this user")
    assert done.returncode == 0, done.stdout + done.stderr
    found: dict[str, Any] = json.loads(out.read_text())
    return found


def test_no_way_to_end_is_our_fault_or_passes(graded: dict[str, Any]) -> None:
    assert set(ways()) <= {name.split()[0] for name in graded}
    wrong = {name: (verdict, told) for name, (verdict, told) in graded.items() if verdict not in ITS_OWN}
    honest = {name for name in graded if name.startswith("honest_")}
    assert len(honest) == 6
    assert wrong == dict.fromkeys(honest, ("passed", ""))
