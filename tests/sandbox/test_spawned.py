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


def test_it_survives_what_the_submission_does(host: SpawnedHost) -> None:
    died = host.call("crash", {}, 0)
    assert (died.outcome, died.detail) == ("died", "exited with status 3")
    slow = host.call("spin" if sys.platform == "linux" else "sleep", {}, 0)
    assert slow.outcome == ("cpu_limit" if sys.platform == "linux" else "wall_limit")


def test_it_starts_at_once_leaves_nothing_and_is_not_shadowed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    beside, scratch = tmp_path / "student", tmp_path / "scratch"
    beside.mkdir()
    scratch.mkdir()
    (beside / "random.py").write_text("raise SystemExit('shadowed')")
    monkeypatch.chdir(beside)
    monkeypatch.syspath_prepend(str(beside))
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    host = SpawnedHost({}, "import os, random\ndef pid(): return os.getpid()\n", Limits())
    assert list(scratch.iterdir())
    pid = host.call("pid", {}, 0).value
    host.close()
    assert not list(scratch.iterdir())
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_it_can_be_closed_before_it_was_asked() -> None:
    SpawnedHost({}, "", Limits()).close()
