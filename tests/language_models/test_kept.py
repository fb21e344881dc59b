"""Files that are made once: damage, several processes, a full disk, no right to write, an interrupt."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

CONTENT = b"made " * 1000
MAKING = """
import time
from pathlib import Path
import language_models
from language_models.kept import kept
made = Path(sys.argv[1])
def make():
    made.open("a").write("made\\n")
    time.sleep(0.5)
    return b"made " * 1000
assert kept("thing.bin", make) == b"made " * 1000
"""

HOLDING = """
import fcntl, sys, time
lock = open(sys.argv[1], "a")
fcntl.flock(lock, fcntl.LOCK_EX)
print(flush=True)
time.sleep(1)
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "learning-across-tasks"


@pytest.fixture
def kept(lm: Any) -> Callable[..., bytes]:
    from language_models import kept

    return kept.kept


def never() -> bytes:
    pytest.fail("was made again")


def test_it_is_made_once(kept: Callable[..., bytes], folder: Path):
    assert kept("thing.bin", lambda: CONTENT) == CONTENT
    assert kept("thing.bin", never) == CONTENT
    digest = hashlib.sha256(CONTENT).hexdigest()
    assert sorted(file.name for file in folder.iterdir()) == [f"thing.{digest}.bin", "thing.bin.lock"]
    assert kept("thing.json", lambda: b"other") == b"other"  # another thing


@pytest.mark.parametrize("damage", [b"", CONTENT[:-1], b"x" + CONTENT[1:]])
def test_a_damaged_file_is_made_anew(
    kept: Callable[..., bytes], folder: Path, damage: bytes, capsys: pytest.CaptureFixture[str]
):
    kept("thing.bin", lambda: CONTENT)
    (file,) = folder.glob("thing.?*.bin")
    file.write_bytes(damage)
    assert kept("thing.bin", lambda: CONTENT) == CONTENT
    assert f"{file}: is damaged, so it is made anew." in capsys.readouterr().err
    assert file.read_bytes() == CONTENT


def test_two_processes_make_it_once(lm: Any, folder: Path, tmp_path: Path):
    start = f"import sys\nsys.path.insert(0, {str(Path(lm.__file__).parent)!r})\n"
    both = [
        subprocess.Popen(
            [sys.executable, "-c", start + MAKING, str(tmp_path / "made")], stderr=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    said = [process.communicate(timeout=60)[1] for process in both]
    assert [process.returncode for process in both] == [0, 0], said
    assert (tmp_path / "made").read_text() == "made\n"


def test_one_waits_while_another_makes_it(kept: Callable[..., bytes], folder: Path, capsys: pytest.CaptureFixture[str]):
    folder.mkdir(parents=True)
    with subprocess.Popen(
        [sys.executable, "-c", HOLDING, str(folder / "thing.bin.lock")], stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        began = time.monotonic()
        assert kept("thing.bin", lambda: CONTENT) == CONTENT
        assert time.monotonic() - began > 0.5
    assert "Another process is making thing.bin: waiting for it." in capsys.readouterr().err


def test_where_nothing_can_be_written_it_is_used_from_memory(
    kept: Callable[..., bytes], folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    (tmp_path / "cache").write_text("a file where the folder should be")
    assert kept("thing.bin", lambda: CONTENT) == CONTENT
    said = capsys.readouterr().err
    assert "thing.bin (0 MB) cannot be kept here (Not a directory), so it is made anew each time" in said
    assert "set XDG_CACHE_HOME" in said


def test_a_full_disk(run: Callable[..., str], folder: Path):
    """As far as a limit on the size of files can stand in for one: the write fails half way."""
    said = run(
        """
import resource, language_models
from language_models.kept import cache_folder, kept
resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
assert kept("thing.bin", lambda: b"made " * 1000) == b"made " * 1000
assert [file.name for file in cache_folder().iterdir()] == ["thing.bin.lock"], list(cache_folder().iterdir())
"""
    )
    assert "cannot be kept here (File too large)" in said


def test_an_interrupt_leaves_nothing_behind(kept: Callable[..., bytes], folder: Path, monkeypatch: pytest.MonkeyPatch):
    import os

    def interrupted(number: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupted)
    with pytest.raises(KeyboardInterrupt):
        kept("thing.bin", lambda: CONTENT)
    assert [file.name for file in folder.iterdir()] == ["thing.bin.lock"]


def test_what_a_killed_process_left_is_removed(kept: Callable[..., bytes], folder: Path):
    folder.mkdir(parents=True)
    (folder / "thing.bin.abc.part").write_bytes(b"half")
    (folder / "other.bin.abc.part").write_bytes(b"of something else")
    assert kept("thing.bin", lambda: CONTENT) == CONTENT
    assert [file.name for file in folder.glob("*.part")] == ["other.bin.abc.part"]


def test_where_it_lies(lm: Any, monkeypatch: pytest.MonkeyPatch):
    from language_models.kept import cache_folder

    monkeypatch.setenv("HOME", "/home/ann")
    for value, wanted in (("/c", "/c"), ("relative", "/home/ann/.cache"), ("", "/home/ann/.cache")):
        monkeypatch.setenv("XDG_CACHE_HOME", value)
        assert cache_folder() == Path(wanted, "learning-across-tasks")
