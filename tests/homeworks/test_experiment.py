"""An experiment of any homework that is killed takes its processes with it. That one runs: test_where_it_lies.py."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.course.assignment import Assignment


@pytest.mark.skipif(sys.platform != "linux", reason="processes are looked for in /proc")
def test_a_killed_experiment_leaves_no_process(with_experiment: Assignment, tmp_path: Path) -> None:
    script = with_experiment.folder / "experiment.py"
    if "ProcessPoolExecutor" not in script.read_text(encoding="utf-8"):
        pytest.skip("this experiment has one process")
    settings = ["--quick", "--workers", "2", "--solution", with_experiment.solution, "--out", tmp_path / "out"]
    running = subprocess.Popen(
        [sys.executable, script, *settings],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        waited_for(lambda: len(workers_of(running.pid)) == 2)
    finally:
        running.send_signal(signal.SIGKILL)
    running.wait()
    try:
        waited_for(lambda: not workers_of(running.pid))
    finally:
        for worker in workers_of(running.pid):
            os.kill(worker, signal.SIGKILL)


def waited_for(holds: Callable[[], bool], most_s: float = 60.0) -> None:
    deadline = time.monotonic() + most_s
    while not holds():
        assert time.monotonic() < deadline, f"it did not come about in {most_s:.0f} s"
        time.sleep(0.05)


def workers_of(session: int) -> list[int]:
    """The processes of pools in this session that run."""
    found = []
    for each in filter(str.isdigit, os.listdir("/proc")):
        try:
            command = Path(f"/proc/{each}/cmdline").read_bytes()
            if os.getsid(int(each)) == session and b"multiprocessing.spawn" in command:
                found.append(int(each))
        except OSError:  # it is gone meanwhile
            continue
    return found
