"""A class: which entries a folder has, and that none is lost or graded as another."""

from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path

import pytest

from grader.errors import IntakeError
from grader.intake import Wanted, list_class, read_class, read_entry

WORK = "x = 1\n"
WANTED = Wanted(("multitask.py",))


def put(folder: Path, name: str, content: bytes | str = WORK) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def a_zip() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("multitask.py", WORK)
    return buffer.getvalue()


def test_every_entry_is_one_submission_sorted_by_name(tmp_path: Path) -> None:
    put(tmp_path, "carol/multitask.py")
    put(tmp_path, "alice.zip", a_zip())
    put(tmp_path, "bob.py")
    put(tmp_path, "dave.zip", b"PK\x03\x04 broken")
    put(tmp_path, "erin.rar", b"Rar!\x1a\x07\0 ...")
    put(tmp_path, "frank.ipynb", "{}")
    os.mkfifo(tmp_path / "grace.py")
    for ignored in (".DS_Store", ".hidden/x.py", "__MACOSX/x", "submission_metadata.yml", "grades.csv", "README.txt"):
        put(tmp_path, ignored, "x")
    read = {submission.name: submission.problem for submission in read_class(tmp_path, WANTED)}
    assert list(read) == ["alice", "bob", "carol", "dave", "erin", "frank", "grace"]
    assert [name for name, problem in read.items() if problem is None] == ["alice", "bob", "carol"]
    assert "dave.zip is damaged" in str(read["dave"])
    assert "erin.rar holds RAR data" in str(read["erin"])
    assert "frank.ipynb is a notebook" in str(read["frank"])
    assert "grace.py is a device, a pipe or a socket" in str(read["grace"])


def test_listing_reads_nothing(tmp_path: Path) -> None:
    put(tmp_path, "alice.zip", b"")
    os.mkfifo(tmp_path / "bob.py")
    assert [entry.name for entry in list_class(tmp_path)] == ["alice", "bob"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("alice.zip", "alice/multitask.py"),
        ("alice.zip", "alice.tar.gz"),
        ("Alice.py", "alice.zip"),
        ("a\u0308.py", "\u00e4.zip"),
        ("a?b.py", "a*b.py"),
    ],
)
def test_two_entries_of_one_name_are_both_refused(tmp_path: Path, one: str, other: str) -> None:
    put(tmp_path, one)
    put(tmp_path, other)
    put(tmp_path, "bob.py")
    submissions = read_class(tmp_path, WANTED)
    both = [submission for submission in submissions if submission.name != "bob"]
    assert [submission.name for submission in submissions if submission.problem is None] == ["bob"]
    assert len(both) == 2
    for submission in both:
        assert one in str(submission.problem)
        assert other.split("/")[0] in str(submission.problem)
        assert "Keep the one that counts" in str(submission.problem)


def test_a_loose_module_beside_folders_is_a_submission_with_a_note(tmp_path: Path) -> None:
    put(tmp_path, "alice/multitask.py")
    put(tmp_path, "multitask.py")
    alice, loose = read_class(tmp_path, WANTED)
    assert alice.notes == ()
    assert loose.name == "multitask"
    assert loose.problem is None
    assert "lies directly in the folder of submissions" in loose.notes[0]


def test_a_folder_of_files_needs_no_note(tmp_path: Path) -> None:
    put(tmp_path, "multitask.py")
    assert read_class(tmp_path, WANTED)[0].notes == ()


def test_an_entry_that_vanishes_is_our_error_and_costs_the_others_nothing(tmp_path: Path) -> None:
    put(tmp_path, "alice.py")
    put(tmp_path, "bob.py")
    alice, bob = list_class(tmp_path)
    alice.path.unlink()
    with pytest.raises(IntakeError, match="there is no such file"):
        read_entry(alice, WANTED)
    assert read_entry(bob, WANTED).problem is None


def test_folders_that_hold_no_class(tmp_path: Path) -> None:
    with pytest.raises(IntakeError, match="there is no such folder"):
        list_class(tmp_path / "nowhere")
    with pytest.raises(IntakeError, match="is a file"):
        list_class(put(tmp_path, "all.zip", a_zip()))
    (tmp_path / "empty").mkdir()
    put(tmp_path, "empty/.DS_Store", "x")
    put(tmp_path, "empty/grades.csv", "x")
    with pytest.raises(IntakeError, match="holds no submissions"):
        list_class(tmp_path / "empty")
