"""Every experiment runs with a student's code: also where numbers come as 0-dimensional tensors, with their graph.

A quick one takes no real results' place, and says in all that it writes that it is quick.
"""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.course.assignment import Assignment


def test_a_quick_run_from_a_handout(with_experiment: Assignment, answering, handed_out, tmp_path: Path) -> None:
    """As a student starts it, whose numbers are tensors."""
    pillow = pytest.importorskip("PIL.Image")
    folder = handed_out(with_experiment, tmp_path / "course") / "assignments" / with_experiment.name
    for name, source in answering(with_experiment, "torch.tensor(x, requires_grad=True) * 1").items():
        (folder / name).write_text(source, encoding="utf-8")
    command = [sys.executable, "experiment.py", "--quick"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    (results,) = (folder / "results").glob("**/quick")
    beside = [path for path in (folder / "results").rglob("*") if path.is_file() and not path.is_relative_to(results)]
    assert beside == [], "where real results would lie, there is nothing"
    written = {kind: list(results.glob(f"*.{kind}")) for kind in ("md", "json", "png")}
    assert all(written.values())
    warning = "**Quick run: these numbers mean nothing.**\n\n|"
    for text in (done.stdout, *(file.read_text(encoding="utf-8") for file in written["md"])):
        tables = re.findall(r"^\|[ :-]*---", text, re.MULTILINE)
        assert text.count(warning) == len(tables) > 0
    assert all(json.loads(file.read_text(encoding="utf-8"))["quick"] for file in written["json"])
    for file in written["png"]:
        with pillow.open(file) as figure:
            colours = figure.convert("RGB").getcolors(1 << 24)
        letters = sum(count for count, (red, green, blue) in colours if red - green > 80 and abs(green - blue) < 12)
        assert letters > 500, f"{file.name} has no red letters"


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
