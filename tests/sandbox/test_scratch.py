"""Scratch folders as a hostile submission leaves them."""

from __future__ import annotations

import os
from pathlib import Path

from grader.sandbox import scratch


def nest(folder: Path, depth: int) -> None:
    home = os.getcwd()
    os.chdir(folder)
    try:
        for _ in range(depth):
            os.mkdir("d")
            os.chdir("d")
        Path("file").touch()
    finally:
        os.chdir(home)


def test_folders_nested_thousands_deep_are_measured_as_too_much_and_removed(tmp_path: Path) -> None:
    folder = tmp_path / "scratch"
    folder.mkdir()
    nest(folder, 3000)
    assert scratch.holds_more_than(1 << 30, str(folder))
    scratch.remove(folder)
    assert not folder.exists()


def test_locked_folders_links_and_odd_names_are_removed_and_nothing_behind_links_is(tmp_path: Path) -> None:
    kept, folder = tmp_path / "kept", tmp_path / "scratch"
    kept.mkdir()
    (kept / "file").touch()
    (folder / "a" / "b").mkdir(parents=True)
    (folder / "a" / "b" / os.fsdecode(b"\xff\n-rf")).touch()
    (folder / "a" / "link").symlink_to(kept)
    (folder / "link").symlink_to(kept / "file")
    for locked in (folder / "a" / "b", folder / "a"):
        locked.chmod(0)
    scratch.remove(folder)
    assert not folder.exists()
    assert (kept / "file").exists()


def test_files_count_by_size_and_at_least_a_little_each(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(bytes(10_000))
    assert not scratch.holds_more_than(20_000, str(tmp_path))
    assert scratch.holds_more_than(10_000, str(tmp_path))
    for number in range(10):
        (tmp_path / str(number)).touch()
    assert scratch.holds_more_than(40_000, str(tmp_path))
    assert not scratch.holds_more_than(1, str(tmp_path / "absent"))
