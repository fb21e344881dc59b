"""Practice finds what grading preloads: in a process of its own, in this one, and never before somebody asks."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from grader.sandbox.importable import importable
from grader.sandbox.inline import InlineHost
from grader.sandbox.replies import Host, Limits
from grader.sandbox.spawned import SpawnedHost

PROBES = """
import work

def before():
    import sys
    return "heavy_models" in sys.modules

def size():
    import heavy_models
    return heavy_models.size(), work.twice(1)

def offline():
    import os
    return os.environ.get("HF_HUB_OFFLINE")
"""
Start = Callable[[list[str]], Host]


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[str]:
    place = tmp_path / "shared"
    place.mkdir()
    (place / "heavy_models.py").write_text("import heavy_beside\ndef size(): return heavy_beside.SIZE\n")
    (place / "heavy_beside.py").write_text("SIZE = 7\n")
    yield str(place)
    for name in ("heavy_models", "heavy_beside"):
        sys.modules.pop(name, None)


@pytest.fixture(params=["spawned", "inline"])
def start(request: pytest.FixtureRequest) -> Iterator[Start]:
    hosts: list[Host] = []

    def start(folders: list[str]) -> Host:
        modules = {"work": "def twice(x): return 2 * x\n"}
        host: Host
        if request.param == "spawned":
            host = SpawnedHost(modules, PROBES, Limits(), folders)
        else:
            host = InlineHost(modules, PROBES, folders)
        hosts.append(host)
        return host

    yield start
    for host in hosts:
        host.close()


def test_a_probe_imports_what_grading_preloads(start: Start, folder: str) -> None:
    host = start([folder])
    assert host.call("before", {}, 0).value is False  # not before it is asked for
    assert host.call("size", {}, 0).value == (7, 2)


def test_without_the_folder_it_is_not_there(start: Start, folder: str) -> None:
    reply = start([]).call("size", {}, 0)
    assert reply.outcome == "raised"
    assert reply.raised is not None
    assert reply.raised.type == "ModuleNotFoundError"


def test_the_worker_of_practice_stays_offline(folder: str) -> None:
    host = SpawnedHost({"work": ""}, PROBES, Limits(), [folder])
    try:
        assert host.call("offline", {}, 0).value == "1"
    finally:
        host.close()


def test_the_path_is_as_it_was_afterwards(folder: str) -> None:
    before = list(sys.path)
    with importable([folder]):
        assert sys.path == [*before, folder]
        sys.path.insert(0, "/of/a/submission")
    assert sys.path == before


def test_a_module_of_that_name_from_elsewhere_is_put_aside(folder: str) -> None:
    other = type(json)("heavy_models")
    other.__file__ = "/home/student/heavy_models.py"
    sys.modules["heavy_models"] = sys.modules["heavy_models.inside"] = other
    with importable([folder]):
        import heavy_models  # type: ignore[import-not-found]

        assert heavy_models.size() == 7
        assert "heavy_models.inside" not in sys.modules
    assert sys.modules["heavy_models"] is sys.modules.pop("heavy_models.inside") is other
