"""A class: which entries a folder has, and that none is lost or graded as another."""

from __future__ import annotations

import io
import os
import tarfile
import zipfile
from pathlib import Path

import pytest

from grader.errors import IntakeError
from grader.intake import Asked, Wanted, as_before, list_class, look_through, names, read_class, read_entry

WORK = "x = 1\n"
WANTED = Wanted(("multitask.py",))
ASKED = Asked(("multitask.py",), "hw0.ipynb", ("written.md", "*.png"))


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


def a_tar() -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        entry = tarfile.TarInfo("multitask.py")
        entry.size = len(WORK)
        archive.addfile(entry, io.BytesIO(WORK.encode()))
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
    read = {submission.name: submission.refusal for submission in read_class(tmp_path, WANTED)}
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
    ("one", "other", "called"),
    [
        ("alice/multitask.py", "alice.zip", ["alice", "alice.zip"]),
        ("alice.tar.gz", "alice.zip", ["alice", "alice.zip"]),
        ("Alice.py", "alice.zip", ["Alice", "alice.zip"]),
        ("A1/multitask.py", "a1 /multitask.py", ["A1", "a1-"]),
        ("A1/multitask.py", "a1/multitask.py", ["A1", "a1-"]),
        ("\u00e4/multitask.py", "a\u0308/multitask.py", ["\u00e4", "\u00e4-"]),
        ("a*b.py", "a?b.py", ["a_b", "a_b.py"]),
    ],
)
def test_entries_whose_names_fold_together_are_each_graded(
    tmp_path: Path, one: str, other: str, called: list[str]
) -> None:
    for name in (one, other):
        put(tmp_path, name, a_zip() if name.endswith(".zip") else a_tar() if name.endswith(".gz") else WORK)
    put(tmp_path, "bob.py")
    submissions = [each for each in read_class(tmp_path, WANTED) if each.name != "bob"]
    assert [each.refusal for each in submissions] == [None, None]
    by_source = {each.source.name: each.name for each in submissions}
    for path, name in zip((one, other), called, strict=True):
        given = by_source[path.split("/")[0]]
        assert given == name or (name.endswith("-") and given.startswith(name) and len(given) == len(name) + 8)
    assert len({names.folded(each.name) for each in submissions}) == 2
    for entry in list_class(tmp_path, ASKED):
        alike = any("may be the same student as" in remark for remark in entry.remarks)
        assert alike is (entry.name != "bob")


def test_a_name_of_its_own_is_the_same_in_every_run_and_taken_from_nobody(tmp_path: Path) -> None:
    for name in ("alice/multitask.py", "alice.zip/multitask.py", "ALICE.zip", "alice.tar.gz"):
        put(tmp_path, name)
    first = [(entry.name, entry.path.name) for entry in list_class(tmp_path, ASKED)]
    assert ("alice", "alice") in first
    assert ("alice.zip", "alice.zip") in first
    assert len({names.folded(name) for name, _ in first}) == 4
    put(tmp_path, "zoe.py")
    assert set(first) < {(entry.name, entry.path.name) for entry in list_class(tmp_path, ASKED)}


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("planted.png", "graded by hand"),
        ("ada.png", "graded by hand"),
        ("Written.md", "graded by hand"),
        ("grades.csv", "a list or a text"),
        ("submission_metadata.yml", "a list or a text"),
        ("README.txt", "a list or a text"),
        ("~$report.docx", "left by an office program"),
        ("ada.pdf", "lies beside a submission"),
        ("ada.html", "lies beside a submission"),
        ("ADA.txt", "lies beside a submission"),
        ("ada.py~", "lies beside a submission"),
        ("#ada.py#", "lies beside a submission"),
        ("ada.py.bak", "lies beside a submission"),
        ("ada.pyc", "lies beside a submission"),
        ("ada_written.pdf", "lies beside a submission"),
        ("bob-written.docx", "lies beside a submission"),
    ],
)
def test_a_companion_is_no_student_and_is_told(tmp_path: Path, name: str, why: str) -> None:
    put(tmp_path, "ada.py")
    put(tmp_path, "bob/multitask.py")
    put(tmp_path, name)
    seen = look_through(tmp_path, ASKED)
    assert [entry.name for entry in seen.entries] == ["ada", "bob"]
    (passed,) = seen.passed_over
    assert passed.file == name
    assert why in passed.why


@pytest.mark.parametrize(
    "name",
    [
        "carol.pdf",
        "carol.html",
        "carol.txt",
        "carol.docx",
        "carol.jpg",
        "carol.py~",
        "carol.rar",
        "ada2.pdf",
        "x_ada.pdf",
    ],
)
def test_what_may_be_somebodys_only_hand_in_has_a_row(tmp_path: Path, name: str) -> None:
    put(tmp_path, "ada.py")
    put(tmp_path, name)
    seen = look_through(tmp_path, ASKED)
    assert len(seen.entries) == 2
    assert seen.passed_over == ()
    (other,) = [each for each in read_class(tmp_path, WANTED) if each.name != "ada"]
    assert other.refusal is not None


def test_results_that_lie_in_the_folder_are_no_student(tmp_path: Path) -> None:
    put(tmp_path, "ada.py")
    for name in ("class.csv", "misconceptions.csv", "ada.json"):
        put(tmp_path, f"results/{name}", "x")
    seen = look_through(tmp_path, ASKED)
    assert [entry.name for entry in seen.entries] == ["ada"]
    assert [(each.file, each.why) for each in seen.passed_over] == [("results", "results of this grader")]


@pytest.mark.parametrize(
    "inside",
    [
        ["ada_1_200001_multitask.py", "bob_2_200002_multitask.py"],
        ["Ada_1_assignsubmission_file_/multitask.py", "Bob_2_assignsubmission_file_/multitask.py"],
        ["1-2 - Ada - Feb 3, 2026 1000 AM/multitask.py", "index.html"],
        ["submission_1/multitask.py", "submission_2/multitask.py", "submission_metadata.yml"],
        ["HW0_ada_attempt_2026-02-03-10-00-00_multitask.py"],
    ],
)
def test_a_download_one_folder_deeper_is_entered_and_that_is_told(tmp_path: Path, inside: list[str]) -> None:
    put(tmp_path, "hw0.csv", "x")
    for name in inside:
        put(tmp_path, f"hw0 export/{name}")
    seen = look_through(tmp_path, ASKED)
    assert seen.folder == tmp_path / "hw0 export"
    assert len(seen.entries) == sum("multitask" in name for name in inside)
    assert "one folder deeper, in hw0 export" in seen.notes[0]


@pytest.mark.parametrize(
    "inside",
    [["ada/multitask.py", "bob/multitask.py"], ["ada.zip", "bob.zip"], ["ada/src/hw0.ipynb", "bob/a.zip", "notes.txt"]],
)
def test_where_it_is_not_clear_how_deep_the_class_lies_the_path_to_give_is_told(
    tmp_path: Path, inside: list[str]
) -> None:
    for name in inside:
        put(tmp_path, f"hw0/{name}")
    with pytest.raises(IntakeError, match=r"could each be a submission\. If they are, give .*hw0\. If they are one"):
        list_class(tmp_path, ASKED)


@pytest.mark.parametrize(
    "inside",
    [
        ["multitask.py"],
        ["multitask.py", "old/multitask.py", "older/multitask.py"],
        ["src/multitask.py", "plots/a.png", "written.md"],
        ["hw0.ipynb", "a.zip", "b.zip"],
        ["main.py", "helper.py"],
        [],
    ],
)
def test_one_student_alone_is_a_class(tmp_path: Path, inside: list[str]) -> None:
    (tmp_path / "ada").mkdir()
    for name in inside:
        put(tmp_path, f"ada/{name}")
    assert [entry.name for entry in list_class(tmp_path, ASKED)] == ["ada"]


def test_a_loose_module_beside_folders_is_a_submission_with_a_note(tmp_path: Path) -> None:
    put(tmp_path, "alice/multitask.py")
    put(tmp_path, "multitask.py")
    alice, loose = read_class(tmp_path, WANTED)
    assert alice.notes == ()
    assert loose.name == "multitask"
    assert loose.refusal is None
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
    assert read_entry(bob, WANTED).refusal is None


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


def test_the_download_that_lies_beside_what_was_unpacked_of_it_is_no_student(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in ("ada/multitask.py", "bob.py"):
            archive.writestr(name, WORK)
            put(tmp_path, name)
    put(tmp_path, "submissions.zip", buffer.getvalue())
    put(tmp_path, "carol.zip", a_zip())
    seen = look_through(tmp_path, ASKED)
    assert [entry.name for entry in seen.entries] == ["ada", "bob", "carol"]
    assert [each.file for each in seen.passed_over] == ["submissions.zip"]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 broken", b"Rar!\x1a\x07\0", b"x"])
def test_an_archive_that_cannot_be_looked_into_keeps_its_row(tmp_path: Path, content: bytes) -> None:
    put(tmp_path, "ada/multitask.py")
    put(tmp_path, "bob.py")
    put(tmp_path, "carol.zip", content)
    assert [entry.name for entry in list_class(tmp_path, ASKED)] == ["ada", "bob", "carol"]


@pytest.mark.parametrize(
    ("inside", "counts", "says"),
    [
        (["HW0/Version 1/multitask.py", "HW0/Version 2/multitask.py"], "Version 2", "2 attempts: the latest counts"),
        (["1/multitask.py", "2/multitask.py", "10/a.zip", "settings.json"], "10", "3 attempts: the latest counts, 10"),
        (["1/multitask.py", "2/written.md"], "1", "2 attempts: the latest with code counts, 1"),
        (["attempt_1/hw0.ipynb", "attempt_2/hw0.ipynb"], "attempt_2", "2 attempts: the latest counts"),
        (["1/multitask.py", "plots/a.png"], "ada", ""),
        (["1001/multitask.py", "1002/multitask.py"], "ada", ""),
        (["1/multitask.py", "1002/multitask.py"], "ada", ""),
        (["2/multitask.py", "3/multitask.py"], "ada", ""),
        (["1/multitask.py"], "ada", ""),
        (["1/old.py", "2/old.py", "multitask.py"], "ada", ""),
    ],
)
def test_of_numbered_folders_of_a_student_the_latest_counts(
    tmp_path: Path, inside: list[str], counts: str, says: str
) -> None:
    put(tmp_path, "bob.py")
    for name in inside:
        put(tmp_path, f"ada/{name}")
    ada, _ = list_class(tmp_path, ASKED)
    assert (ada.name, ada.path.name) == ("ada", counts)
    assert "; ".join(ada.remarks).startswith(says)
    assert bool(ada.remarks) is bool(says)


def test_a_file_that_does_not_say_whose_it_is_is_told(tmp_path: Path) -> None:
    for name in ("multitask.py", "multitask (1).py", "multitask - Copy.py", "hw0-2.ipynb", "ada.py"):
        put(tmp_path, name)
    told = {entry.path.name: entry.remarks for entry in list_class(tmp_path, ASKED)}
    assert {name for name, remarks in told.items() if remarks == ("its name does not say whose it is",)} == {
        *("multitask.py", "multitask (1).py", "multitask - Copy.py", "hw0-2.ipynb")
    }
    assert told["ada.py"] == ()


def test_a_name_of_its_own_stays_when_the_namesake_is_absent(tmp_path: Path) -> None:
    put(tmp_path, "A1/multitask.py")
    put(tmp_path, "a1 /multitask.py")
    known = {entry.name for entry in list_class(tmp_path, ASKED)}
    put(tmp_path / "late", "a1 /multitask.py")
    (alone,) = as_before(list_class(tmp_path / "late", ASKED), known)
    assert alone.name in known - {"A1"}
    (other,) = as_before(list_class(tmp_path / "late", ASKED), {"A1"})
    assert other.name == "a1"
