"""The host for a student's own machine: an ordinary subprocess, with the same outcomes."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.sandbox.replies import Limits
from grader.sandbox.spawned import SpawnedHost

WORK = """
import os, time, torch
def double(x): return 2 * x
def crash(): os._exit(3)
def spin():
    while True: pass
def sleep(): time.sleep(60)
"""
PROBES = """
import work
def double(x):
    print("hello")
    return work.double(x)
def crash(): work.crash()
def spin(): work.spin()
def sleep(): work.sleep()
"""


@pytest.fixture(scope="module")
def host() -> Iterator[SpawnedHost]:
    running = SpawnedHost({"work": WORK}, PROBES, Limits(call_cpu_s=0.5, call_wall_s=0.5))
    yield running
    running.close()


def test_it_answers(host: SpawnedHost) -> None:
    reply = host.call("double", {"x": 4}, 0)
    assert (reply.outcome, reply.value, reply.output) == ("returned", 8, "hello\n")
    assert host.layers == ()


@pytest.mark.parametrize(
    ("probe", "outcome", "detail"),
    [
        ("crash", "died", "exited with status 3"),
        pytest.param(
            "spin",
            "cpu_limit",
            "CPU time",
            marks=pytest.mark.skipif(sys.platform != "linux", reason="CPU clock of others"),
        ),
        ("sleep", "wall_limit", "waiting"),
    ],
)
def test_it_survives_what_the_submission_does(host: SpawnedHost, probe: str, outcome: str, detail: str) -> None:
    reply = host.call(probe, {}, 0)
    assert reply.outcome == outcome
    assert detail in reply.detail
    assert host.call("double", {"x": 1}, 0).value == 2


def test_it_starts_at_once_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    host = SpawnedHost({}, "def pid():\n    import os\n    return os.getpid()\n", Limits())
    assert list(tmp_path.iterdir())
    pid = host.call("pid", {}, 0).value
    host.close()
    assert not list(tmp_path.iterdir())
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_it_can_be_closed_before_it_was_asked() -> None:
    SpawnedHost({}, "", Limits()).close()


def test_files_beside_the_student_do_not_shadow_libraries(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "random.py").write_text("raise SystemExit('shadowed')")
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    host = SpawnedHost({}, "import random\ndef ok(): return random.random() < 1\n", Limits())
    assert host.call("ok", {}, 0).value is True
    host.close()
