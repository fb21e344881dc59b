"""Archives within a folder or an archive: when they are the submission, and how far they are opened."""

from __future__ import annotations

import io
import tarfile
import zipfile
from pathlib import Path

import pytest

from grader.course.digest import digest
from grader.intake import IntakeLimits, Submission, Wanted, read_submission

WORK = "def union(a, b):\n    return a | b\n"
STUB = "def union(a, b):\n    raise NotImplementedError\n"
WANTED = Wanted(("multitask.py",), "hw0.ipynb", {}, {"multitask": digest(STUB)})


def zipped(**files: bytes | str) -> bytes:
    """A zip; `__` in a name stands for a dot."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "."), content)
    return buffer.getvalue()


def tarred(name: str, content: bytes, form: str = "w:gz") -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode=form) as archive:  # type: ignore[call-overload]
        info = tarfile.TarInfo(name)
        info.size = len(content)
        archive.addfile(info, io.BytesIO(content))
    return buffer.getvalue()


def read(folder: Path, files: dict[str, bytes | str], **limits: int) -> Submission:
    for name, content in files.items():
        path = folder / "alice" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_submission(folder / "alice", WANTED, IntakeLimits(**limits))


HAND_IN = zipped(multitask__py=WORK, written__md="x")
OPENED: dict[str, dict[str, bytes | str]] = {
    "what make submit packed": {"hw0_multitask-handin.zip": HAND_IN},
    "in a folder of the platform": {"Submission attachment(s)/hw0.zip": HAND_IN},
    "beside what the platform adds": {"hw0.zip": HAND_IN, "onlinetext.html": "<p>", "comments.txt": ""},
    "a zip of a folder": {"hw0.zip": zipped(**{"hw0/multitask.py": WORK, "__MACOSX/hw0/._multitask.py": ""})},
    "a zip within a zip": {"upload.zip": zipped(**{"hw0.zip": HAND_IN})},
    "three deep": {"a.zip": zipped(**{"b.zip": zipped(**{"c.zip": HAND_IN})})},
    "a tar.gz": {"hw0.tar.gz": tarred("hw0/multitask.py", WORK.encode())},
    "a zip within a tar": {"hw0.tgz": tarred("hw0.zip", HAND_IN)},
    "a tar called zip": {"hw0.zip": tarred("multitask.py", WORK.encode())},
    "beside the untouched file": {"multitask.py": STUB, "hw0.zip": HAND_IN},
    "the same twice": {"hw0.zip": HAND_IN, "hw0 (1).zip": zipped(multitask__py=WORK)},
    "beside an untouched one": {"a.zip": zipped(multitask__py=STUB), "b.zip": HAND_IN},
    "without a suffix": {"hw0": HAND_IN},
    "downloaded twice by a browser": {"hw0.zip(1)": HAND_IN},
    "of a browser that did not rename it": {"hw0.zip.download": HAND_IN},
    "beside an older one": {"hw0.zip": HAND_IN, "hw0-old.zip": zipped(multitask__py=f"{WORK}# old\n")},
    "beside data": {"data.zip": zipped(x__csv="1"), "hw0.zip": HAND_IN},
    "beside a damaged one": {"hw0.zip": HAND_IN[:-30], "hw0 (1).zip": HAND_IN},
}


@pytest.mark.parametrize("files", OPENED.values(), ids=OPENED)
def test_an_archive_beside_which_nothing_was_written_is_the_submission(
    tmp_path: Path, files: dict[str, bytes | str]
) -> None:
    submission = read(tmp_path, files)
    assert submission.refusal is None
    assert submission.modules == {"multitask": WORK}
    assert any(note.endswith("was opened, and what is in it counts") for note in submission.notes)


def test_names_in_utf_8_that_do_not_say_so_are_read_so(tmp_path: Path) -> None:
    archive = zipped(multitask__py=WORK, M__ller__txt="1").replace(b"M.ller", "Mü".encode() + b"ler")
    assert "other files and folders, not used: Müler.txt" in str(read(tmp_path, {"a.zip": archive}).notes)


def test_an_archive_beside_written_work_is_not_opened(tmp_path: Path) -> None:
    submission = read(tmp_path, {"multitask.py": WORK, "old.zip": zipped(multitask__py="x = 1\n")})
    assert submission.modules == {"multitask": WORK}
    assert submission.notes == ("other files and folders, not used: old.zip",)


NOT_OPENED: dict[str, tuple[dict[str, bytes | str], str]] = {
    "two that differ": (
        {"a.zip": HAND_IN, "b.zip": zipped(multitask__py="x = 1\n")},
        "it is not clear which archive counts: found a.zip, b.zip, which hold different work",
    ),
    "too deep": (
        {"a.zip": zipped(**{"b.zip": zipped(**{"c.zip": zipped(**{"d.zip": HAND_IN})})})},
        "found d.zip, which is packed too often",
    ),
    "nothing in it": ({"a.zip": zipped(notes__txt="x")}, "a.zip: multitask.py is missing: found notes.txt"),
    "damaged": ({"a.zip": HAND_IN[:-30]}, "a.zip is damaged or incomplete"),
    "no archive": ({"a.zip": "once upon a time"}, "a.zip is not an archive, although its name says so"),
    "RAR": ({"a.rar": b"Rar!\x1a\x07\x01\0"}, "found a.rar, an archive of a kind that is not accepted"),
    "out of the archive": ({"a.zip": zipped(**{"../multitask.py": WORK})}, "contains .., which is not safe"),
}


@pytest.mark.parametrize(("files", "words"), NOT_OPENED.values(), ids=NOT_OPENED)
def test_what_keeps_an_archive_from_being_the_submission_is_told(
    tmp_path: Path, files: dict[str, bytes | str], words: str
) -> None:
    submission = read(tmp_path, files)
    assert words in str(submission.refusal)
    assert submission.modules == {}


def test_an_untouched_file_beside_an_archive_that_cannot_be_read_is_no_silent_zero(tmp_path: Path) -> None:
    submission = read(tmp_path, {"multitask.py": STUB, "hw0.zip": HAND_IN[:-30]})
    assert submission.modules == {"multitask": STUB}
    assert any(remark.startswith("hw0.zip is damaged or incomplete") for remark in submission.remarks)


def test_the_limits_hold_for_all_archives_together(tmp_path: Path) -> None:
    inner = tarred("multitask.py", WORK.encode() + b"#" * 900_000, "w")
    outer: dict[str, bytes | str] = {"a.tgz": tarred("b.tar", inner)}
    assert read(tmp_path / "1", outer, unpacked_bytes=2_000_000).refusal is None
    problem = str(read(tmp_path / "1", outer, unpacked_bytes=1_000_000).refusal)
    assert "b.tar unpacks to more than 1,000,000 bytes" in problem
    many = {f"{n}.zip": HAND_IN if n == 7 else zipped(n__txt=str(n)) for n in range(9)}
    assert "holds more than 5 archives: 0.zip, 1.zip" in str(read(tmp_path / "2", {**many}).refusal)
    nested = zipped(**{f"{n}.zip": zipped(n__txt=str(n)) for n in range(4)})
    assert "holds more than 5 archives" in str(read(tmp_path / "3", {"a.zip": nested, "b.zip": nested}).refusal)
    large = zipped(multitask__py=WORK + "#" * 100)
    assert "unpacks to more than 100 bytes" in str(read(tmp_path / "4", {"a.zip": large}, unpacked_bytes=100).refusal)
