"""Trouble with the folder of results: full, read-only, removed, not a folder, in use."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from disturbed import Undisturbed, agrees, compared
from runs import Outcome, Run

# The lock: of another run, or in a folder from which nothing can be removed.
HELD = "file .grading"


@contextmanager
def mounted(folder: Path, options: str) -> Iterator[Path]:
    """A file system in memory at `folder`; chmod would not stop root."""
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", options, "trouble", str(folder)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError as error:
        pytest.skip(f"there is no mount here: {error}")
    if done.returncode != 0:
        pytest.skip(f"nothing can be mounted here: {done.stderr.strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill(path: Path) -> None:
    """Writes until there is no room."""
    with contextlib.suppress(OSError), path.open("wb", buffering=0) as file:
        while file.write(bytes(4096)):
            pass


def refused(run: Run, folder: Path) -> str:
    """Nothing was started: one line that names the folder, and status 2."""
    status = run.wait(60)
    complaint = run.complaints.read_text()
    assert status == 2, run.said()
    assert str(folder) in complaint
    assert "Traceback" not in complaint
    assert len(complaint.strip().splitlines()) == 1, complaint
    assert [left for left in run.left_behind() if left != HELD] == []
    return complaint


def told(run: Run) -> str:
    """What was said in sentences: no rows of the table, which names everybody, and no progress bar."""
    lines = run.said().splitlines()
    return "\n".join(line for line in lines if not line.startswith((" ", "Grading")))


def ended_honestly(run: Run, undisturbed: Undisturbed) -> None:
    """Either every result is on disk, or the status is 1 and the message names each that is not."""
    status = run.wait(180)
    outcome, said = Outcome.of(run.out), run.said()
    missing = set(undisturbed.outcome.grades) - set(outcome.grades)
    assert "Traceback" not in said
    assert status == (1 if missing else 0), said
    assert [name for name in sorted(missing) if name not in told(run)] == []
    assert set(compared(undisturbed.outcome, outcome, stopped=bool(missing))) == missing
    assert [left for left in run.left_behind() if left != HELD] == []


@pytest.fixture(autouse=True)
def learned(undisturbed: Undisturbed) -> None:
    undisturbed.restore(learned=True)


def test_a_read_only_folder_is_found_out_before_anything_starts(
    undisturbed: Undisturbed, tmp_path: Path, runs: list[Run]
) -> None:
    with mounted(tmp_path / "out", "ro") as folder:
        runs.append(run := Run(undisturbed.of, folder))
        refused(run, folder)


def test_a_full_folder_is_found_out_before_anything_starts(
    undisturbed: Undisturbed, tmp_path: Path, runs: list[Run]
) -> None:
    with mounted(tmp_path / "out", "size=64k") as folder:
        fill(folder / "filler")
        runs.append(run := Run(undisturbed.of, folder))
        refused(run, folder)


def test_a_file_where_the_folder_should_be(undisturbed: Undisturbed, tmp_path: Path, runs: list[Run]) -> None:
    (tmp_path / "out").write_text("not a folder")
    runs.append(run := Run(undisturbed.of, tmp_path / "out"))
    refused(run, tmp_path / "out")
    assert (tmp_path / "out").read_text() == "not a folder"


def test_a_folder_that_fills_up(undisturbed: Undisturbed, tmp_path: Path, runs: list[Run]) -> None:
    with mounted(tmp_path / "out", "size=96k") as folder:
        runs.append(run := Run(undisturbed.of, folder))
        ended_honestly(run, undisturbed)
        outcome = Outcome.of(folder)
        assert 0 < len(outcome.grades) < len(undisturbed.outcome.grades)
        assert outcome.rows is None or all(agrees(outcome, name) for name in outcome.grades)


def test_a_folder_that_becomes_read_only(undisturbed: Undisturbed, tmp_path: Path, runs: list[Run]) -> None:
    with mounted(tmp_path / "out", "size=8m") as folder:
        runs.append(run := Run(undisturbed.of, folder))
        assert run.until(lambda: run.results() >= 5, 60)
        subprocess.run(["mount", "-o", "remount,ro", str(folder)], check=True)
        ended_honestly(run, undisturbed)


def test_a_folder_that_is_removed(undisturbed: Undisturbed, tmp_path: Path, runs: list[Run]) -> None:
    runs.append(run := Run(undisturbed.of, tmp_path / "out"))
    assert run.until(lambda: run.results() >= 5, 60)
    os.rename(tmp_path / "out", tmp_path / "removed")  # else what is written meanwhile keeps it from being removed
    shutil.rmtree(tmp_path / "removed")
    ended_honestly(run, undisturbed)
    outcome = Outcome.of(run.out)
    assert outcome.rows is not None
    assert [name for name in undisturbed.outcome.grades if not agrees(outcome, name)] == []


def test_a_folder_that_is_replaced_by_a_file(undisturbed: Undisturbed, tmp_path: Path, runs: list[Run]) -> None:
    runs.append(run := Run(undisturbed.of, tmp_path / "out"))
    assert run.until(lambda: run.results() >= 5, 60)
    os.rename(tmp_path / "out", tmp_path / "moved")
    (tmp_path / "out").write_text("not a folder")
    assert run.wait(180) == 1
    assert "Traceback" not in run.said()
    assert [name for name in undisturbed.outcome.grades if name not in told(run)] == []


def test_one_result_that_is_removed(undisturbed: Undisturbed, tmp_path: Path, runs: list[Run]) -> None:
    runs.append(run := Run(undisturbed.of, tmp_path / "out"))
    assert run.until(lambda: run.results() >= 5, 60)
    next(iter((tmp_path / "out").glob("*.json"))).unlink()
    ended_honestly(run, undisturbed)


def test_the_second_of_two_runs_into_one_folder_is_refused(
    undisturbed: Undisturbed, tmp_path: Path, runs: list[Run]
) -> None:
    runs.append(first := Run(undisturbed.of, tmp_path / "out"))
    assert first.until(lambda: first.results() >= 2, 60)
    runs.append(second := Run(undisturbed.of, tmp_path / "out"))
    assert str(first.process.pid) in refused(second, tmp_path / "out")
    assert first.wait(120) == 0, first.said()
    assert compared(undisturbed.outcome, Outcome.of(first.out)) == {}


def test_a_run_that_was_killed_does_not_keep_the_next_one_out(
    undisturbed: Undisturbed, tmp_path: Path, runs: list[Run]
) -> None:
    runs.append(first := Run(undisturbed.of, tmp_path / "out"))
    assert first.until(lambda: first.results() >= 2, 60)
    first.process.send_signal(signal.SIGKILL)
    first.wait(10)
    runs.append(second := Run(undisturbed.of, tmp_path / "out"))
    assert second.wait(120) == 0, second.said()
    assert compared(undisturbed.outcome, Outcome.of(second.out)) == {}
    assert second.left_behind() == []
