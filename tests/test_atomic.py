"""A file is there as it was written, or as it was before."""

import os
import time
from pathlib import Path

import pytest

from grader.atomic import PREFIX, sweep, write_atomically


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "file"
    write_atomically(path, b"old")
    with pytest.raises(TypeError):
        write_atomically(path, "not bytes")  # type: ignore[arg-type]
    assert path.read_bytes() == b"old"
    assert [item.name for item in path.parent.iterdir()] == ["file"]  # and nothing is left lying about
    write_atomically(path, b"new")
    assert path.read_bytes() == b"new"


def test_what_a_killed_run_had_begun_is_swept_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    begun, older = tmp_path / f"{PREFIX}ada.json-1", tmp_path / "deep" / f"{PREFIX}class.csv-2"
    for path in (begun, older, tmp_path / "ada.json"):
        path.write_bytes(b"half")
    os.utime(older, (time.time() - 100, time.time() - 100))
    sweep(tmp_path, older_than_s=50)
    assert (begun.exists(), older.exists()) == (True, False)
    sweep(tmp_path)
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["ada.json"]
