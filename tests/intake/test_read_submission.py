"""One submission: what is taken, what is refused and in which words."""

from __future__ import annotations

import codecs
import gzip
import io
import lzma
import os
import random
import resource
import socket
import stat
import struct
import subprocess
import sys
import tarfile
import tempfile
import time
import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from grader.errors import IntakeError
from grader.intake import IntakeLimits, Submission, Wanted, read_submission

WORK = "def total_loss(losses, weights):\n    return (losses * weights).sum()\n"
MODULES = ["multitask.py"]
Make = Callable[[Path], Path]


def read(path: Path, modules: list[str] = MODULES, **limits: int) -> Submission:
    return read_submission(path, Wanted(tuple(modules)), IntakeLimits(**limits))


def zipped(entries: dict[str, bytes | str], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def zip_entry(name: str, content: bytes = WORK.encode(), mode: int = 0) -> bytes:
    """A zip with one entry of this file mode."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        entry = zipfile.ZipInfo(name)
        entry.create_system, entry.external_attr = 3, mode << 16
        archive.writestr(entry, content)
    return buffer.getvalue()


def tarred(members: list[tuple[str, bytes, bytes]], mode: str = "w", form: int = tarfile.PAX_FORMAT) -> bytes:
    """A tar of (name, type, content or link target)."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode=mode, format=form) as archive:  # type: ignore[call-overload]
        for name, kind, content in members:
            info = tarfile.TarInfo(name)
            info.type = kind
            if kind == tarfile.REGTYPE:
                info.size = len(content)
            else:
                info.linkname = content.decode()
            archive.addfile(info, io.BytesIO(content))
    return buffer.getvalue()


def tar_file(name: str = "multitask.py", content: bytes = WORK.encode()) -> tuple[str, bytes, bytes]:
    return name, tarfile.REGTYPE, content


def tar_header(name: bytes, size: bytes, kind: bytes) -> bytes:
    """512 hand-written bytes, so that the size can be a lie."""
    fields = [name.ljust(100, b"\0"), b"0000644\0", b"0000000\0", b"0000000\0", size.ljust(12, b"\0"), b"00000000000\0"]
    block = b"".join(fields) + b" " * 8 + kind + b"\0" * 100 + b"ustar\00000" + b"\0" * 247
    return block[:148] + b"%06o\0 " % sum(block) + block[156:]


def put(folder: Path, name: str, content: bytes | str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def folder_with(*names: str) -> Make:
    def make(tmp: Path) -> Path:
        for name in names:
            put(tmp / "alice", name, WORK)
        return tmp / "alice"

    return make


def different(first: str, *others: str) -> Make:
    """A folder in which the first file holds the work, and the others something else."""

    def make(tmp: Path) -> Path:
        put(tmp / "alice", first, WORK)
        for number, name in enumerate(others):
            put(tmp / "alice", name, f"x = {number}\n")
        return tmp / "alice"

    return make


def empty_folder(tmp: Path) -> Path:
    (tmp / "alice").mkdir()
    return tmp / "alice"


def file_with(name: str, content: bytes | str) -> Make:
    return lambda tmp: put(tmp, name, content)


ACCEPTED: dict[str, tuple[Make, str]] = {
    "folder": (folder_with("multitask.py"), ""),
    "nested folder": (folder_with("hw0/src/multitask.py", "hw0/README.md"), "found in the folder hw0/src"),
    "shallowest of two": (folder_with("multitask.py", "old/multitask.py"), "old/"),
    "file": (file_with("multitask.py", WORK), ""),
    "one module of another name": (folder_with("hw0.py"), "hw0.py was taken as multitask.py"),
    "one module of another name, deep": (
        folder_with("src/hw0.py", "notes.txt"),
        "src/hw0.py was taken as multitask.py",
    ),
    "one module of another name in a zip": (file_with("a.zip", zip_entry("hw0.py")), "hw0.py was taken as"),
    "beside a module of the system": (folder_with("hw0.py", "torch.py"), "hw0.py was taken as multitask.py"),
    "case": (folder_with("Multitask.py"), "Multitask.py was taken as multitask.py"),
    "case in a zip": (file_with("a.zip", zip_entry("MULTITASK.PY")), "MULTITASK.PY was taken as multitask.py"),
    "copy": (folder_with("multitask (1).py"), "multitask (1).py was taken as multitask.py"),
    "macOS copy": (folder_with("multitask copy 2.py"), "was taken as multitask.py"),
    "Google copy": (folder_with("Copy of multitask.py"), "was taken as multitask.py"),
    "final version": (folder_with("multitask_final_v2.py"), "was taken as multitask.py"),
    "Canvas name": (folder_with("doe_12_345_multitask-1.py", "plots.py"), "was taken as multitask.py"),
    "slip": (folder_with("mulittask.py"), "was taken as multitask.py"),
    "hidden suffix": (folder_with("multitask.py.txt"), "multitask.py.txt was taken as multitask.py"),
    "loose hidden suffix": (file_with("multitask.py.txt", WORK), "multitask.py.txt was taken as multitask.py"),
    "zero-width": (folder_with("multi\u200btask.py"), "multi\\u200btask.py was taken as multitask.py"),
    "the same twice": (folder_with("a/multitask.py", "b/multitask.py"), "found in the folder a"),
    "the same in other letters": (folder_with("multitask.py", "Multitask.py"), "not used: Multitask.py"),
    "the same twice in a tar": (file_with("a.tar", tarred([tar_file(), tar_file()])), "not used: multitask.py"),
    "an old version": (different("multitask.py", "multitask_old.py"), "multitask_old.py, written too, does not"),
    "a file of another name": (
        different("multitask.py", "plots.py"),
        "not used: plots.py",
    ),
    "file of another name": (file_with("alice_123_multitask (1).py", WORK), "taken as multitask.py"),
    "zip": (file_with("alice.zip", zipped({"multitask.py": WORK})), ""),
    "zip in a folder": (file_with("alice.zip", zipped({"hw0/": "", "hw0/multitask.py": WORK})), "in the folder hw0"),
    "zip by Windows": (file_with("alice.zip", zip_entry("hw0\\multitask.py")), "in the folder hw0"),
    "zip by Windows, with folders": (
        file_with("alice.zip", zipped({"hw0\\": "", "hw0\\a/b\\multitask.py": WORK, "hw0\\__MACOSX\\x": ""})),
        "in the folder hw0/a/b",
    ),
    "tar by Windows": (file_with("alice.tar", tarred([tar_file(".\\hw0\\multitask.py")])), "in the folder hw0"),
    "zip, stored": (file_with("alice.zip", zipped({"multitask.py": WORK}, zipfile.ZIP_STORED)), ""),
    "zip called .py": (file_with("alice.py", zipped({"multitask.py": WORK})), "zip archive in spite of its name"),
    "zip without suffix": (file_with("alice", zipped({"multitask.py": WORK})), "in spite of its name"),
    "tar called .zip": (file_with("alice.zip", tarred([tar_file()], "w:gz")), "gzip archive in spite of its name"),
    "tar": (file_with("alice.tar", tarred([tar_file("./multitask.py")])), ""),
    "tar, ustar": (file_with("alice.tar", tarred([tar_file()], form=tarfile.USTAR_FORMAT)), ""),
    "tar, GNU": (file_with("alice.tar", tarred([tar_file()], form=tarfile.GNU_FORMAT)), ""),
    "tar, long names": (
        file_with("alice.tar", tarred([tar_file("a" * 120 + "/multitask.py")], form=tarfile.GNU_FORMAT)),
        "found in the folder aaa",
    ),
    "tar, long pax names": (file_with("alice.tar", tarred([tar_file("é" * 90 + "/multitask.py")])), "in the folder éé"),
    "tar.gz": (file_with("alice.tar.gz", tarred([tar_file()], "w:gz")), ""),
    "tgz": (file_with("alice.tgz", tarred([tar_file()], "w:gz")), ""),
    "tar.bz2": (file_with("alice.tar.bz2", tarred([tar_file()], "w:bz2")), ""),
    "tar.xz": (file_with("alice.tar.xz", tarred([tar_file()], "w:xz")), ""),
    "left by macOS": (
        file_with(
            "alice.zip", zipped({"multitask.py": WORK, "__MACOSX/._multitask.py": "x", ".DS_Store": "x", "Icon\r": ""})
        ),
        "",
    ),
    "left by tools": (
        folder_with(
            "multitask.py", "__pycache__/multitask.py", ".ipynb_checkpoints/multitask.py", ".git/a", "._multitask.py"
        ),
        "",
    ),
    "other files": (folder_with("multitask.py", *(f"f{n:02}.txt" for n in range(30))), "f04.txt and 25 more"),
    "shadowing files": (
        folder_with("multitask.py", "torch.py", "conftest.py", "probes.py", "numpy/__init__.py", "json.pyc"),
        "named like modules that Python or the grader imports: conftest.py, json.pyc, numpy/, probes.py, torch.py",
    ),
    "shadowing files in a zip": (
        file_with("alice.zip", zipped({"multitask.py": WORK, "sitecustomize.py": "x", "numpy/__init__.py": "x"})),
        "named like modules that Python or the grader imports: numpy/, sitecustomize.py",
    ),
    "archive beside": (
        file_with("a.zip", zipped({"multitask.py": WORK, "b.zip": zipped({"multitask.py": "x"})})),
        "b.zip",
    ),
    "link beside": (
        file_with("a.tar", tarred([tar_file(), ("venv2/python", tarfile.SYMTYPE, b"/usr/bin/python")])),
        "venv2/",
    ),
    "byte order mark": (file_with("multitask.py", codecs.BOM_UTF8 + WORK.encode()), "byte order mark"),
    "Windows line ends": (file_with("multitask.py", WORK.replace("\n", "\r\n")), ""),
    "old Mac line ends": (file_with("multitask.py", WORK.replace("\n", "\r")), ""),
}


@pytest.mark.parametrize(("make", "note"), ACCEPTED.values(), ids=ACCEPTED)
def test_accepted(tmp_path: Path, make: Make, note: str) -> None:
    submission = read(make(tmp_path))
    assert submission.refusal is None
    assert submission.modules == {"multitask": WORK}
    assert note in "\n".join(submission.notes)
    assert bool(note) == bool(submission.notes)
    assert submission.fingerprint == Submission.accepted("x", tmp_path, {"multitask": WORK}, ()).fingerprint


def archives(name: str, content: bytes = WORK.encode()) -> list[tuple[str, bytes]]:
    return [("alice.zip", zip_entry(name, content)), ("alice.tar", tarred([tar_file(name, content)]))]


UNSAFE = {
    "absolute": ("/tmp/multitask.py", "begins with /"),
    "parent": ("../multitask.py", "contains .."),
    "parent inside": ("hw0/../../multitask.py", "contains .."),
    "drive": ("C:/multitask.py", "begins with a drive letter"),
    "parent, by Windows": ("..\\multitask.py", "contains .."),
    "parent inside, by Windows": ("hw0\\..\\..\\multitask.py", "contains .."),
    "parent, mixed": ("hw0/..\\../multitask.py", "contains .."),
    "another computer": ("\\\\server\\share\\multitask.py", "begins with /"),
    "drive, by Windows": ("C:\\Users\\multitask.py", "begins with a drive letter"),
    "control character": ("a\x1b[2Jb/multitask.py", "\\u001b[2Jb/multitask.py in it contains a control character"),
    "line break": ("a\nb.py", "a\\nb.py in it contains a control character"),
    "long name": ("a" * 256 + "/multitask.py", "longer than 255 bytes"),
    "long name in bytes": ("é" * 128 + "/multitask.py", "longer than 255 bytes"),
    "long path": ("a/" * 600 + "multitask.py", "longer than 1,024 bytes"),
}


@pytest.mark.parametrize("form", [0, 1], ids=["zip", "tar"])
@pytest.mark.parametrize(("name", "words"), UNSAFE.values(), ids=UNSAFE)
def test_unsafe_names_refuse_the_archive(tmp_path: Path, name: str, words: str, form: int) -> None:
    submission = read(put(tmp_path, *archives(name)[form]))
    assert submission.refusal is not None
    assert words in submission.refusal
    assert submission.modules == {}


def test_a_name_that_ends_at_a_null_byte_is_not_shortened(tmp_path: Path) -> None:
    data = zip_entry("multitask.pyX.txt").replace(b"multitask.pyX.txt", b"multitask.py\0.txt")
    assert "control character" in str(read(put(tmp_path, "alice.zip", data)).refusal)


def two_entries(first: str, second: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # zipfile warns of what is the point here
        archive.writestr(first, WORK)
        archive.writestr(second, "x = 1\n")
    return buffer.getvalue()


def encrypted() -> bytes:
    data = bytearray(zip_entry("multitask.py"))
    data[6] |= 1  # in the local header
    data[data.index(b"PK\x01\x02") + 8] |= 1  # in the directory
    return bytes(data)


def with_method(method: int) -> bytes:
    return zipped({"multitask.py": WORK}, method)


def lying_size(declared: int) -> bytes:
    """A zip whose directory declares another size than its entry has."""
    data = bytearray(zipped({"multitask.py": b"#" * 3_000_000}))
    at = data.index(b"PK\x01\x02")
    struct.pack_into("<I", data, 22, declared)
    struct.pack_into("<I", data, at + 24, declared)
    return bytes(data)


GOOD_ZIP, GOOD_TGZ = zipped({"multitask.py": WORK}), tarred([tar_file()], "w:gz")
CORRUPT_ZIP = zipped({"multitask.py": WORK}, zipfile.ZIP_STORED).replace(b"weights).sum", b"weights).SUM")

REFUSED: dict[str, tuple[Make, str]] = {
    # names
    "missing": (folder_with("notes.txt"), "multitask.py is missing: found notes.txt, and nothing like it"),
    "empty folder": (empty_folder, "holds no files"),
    "empty zip": (file_with("alice.zip", zipped({})), "holds no files"),
    "empty tar": (file_with("alice.tar", tarred([])), "holds no files"),
    "notebook": (folder_with("multitask.ipynb"), "found multitask.ipynb, a notebook"),
    "loose notebook": (file_with("multitask.ipynb", "{}"), "multitask.ipynb is a notebook"),
    "notebook called .py": (file_with("multitask.py", '{"cells": [],\n "nbformat": 4}'), "holds a notebook"),
    "compiled": (folder_with("multitask.pyc"), "which is compiled"),
    "two at one depth": (different("a/multitask.py", "b/multitask.py"), "found a/multitask.py, b/multitask.py"),
    "case collision": (different("multitask.py", "Multitask.py"), "found Multitask.py, multitask.py"),
    "Unicode collision": (different("multitask.py", "ｍultitask.py"), "found multitask.py, ｍultitask.py"),
    "a copy that differs": (different("multitask.py", "multitask (1).py"), "found multitask (1).py, multitask.py"),
    "two copies": (different("multitask-1.py", "multitask-2.py"), "found multitask-1.py, multitask-2.py, which differ"),
    "several of other names": (folder_with("a.py", "b.py"), "found a.py, b.py. If one of these is your work, name it"),
    "collision in a zip": (
        file_with("a.zip", two_entries("multitask.py", "MultiTask.py")),
        "found MultiTask.py, multi",
    ),
    "twice in a zip": (file_with("a.zip", two_entries("multitask.py", "multitask.py")), "contains multitask.py twice"),
    "twice, spelled otherwise": (file_with("a.zip", two_entries("multitask.py", "./multitask.py")), "twice"),
    "twice, separated otherwise": (file_with("a.zip", two_entries("a/multitask.py", "a\\multitask.py")), "twice"),
    "another file twice": (file_with("a.zip", two_entries("notes.txt", "notes.txt")), "contains notes.txt twice"),
    "twice in a tar": (file_with("a.tar", tarred([tar_file(), tar_file(content=b"x = 1\n")])), "multitask.py 2 times"),
    "folder of that name": (folder_with("multitask.py/readme.txt"), "multitask.py is missing"),
    "deep": (folder_with("a/b/c/d/e/f/g/h/i/multitask.py"), "is missing"),
    # kinds
    "link in a zip": (file_with("a.zip", zip_entry("multitask.py", b"/etc/passwd", stat.S_IFLNK | 0o777)), "is a link"),
    "link in a tar": (file_with("a.tar", tarred([("multitask.py", tarfile.SYMTYPE, b"/etc/passwd")])), "is a link"),
    "hard link": (
        file_with("a.tar", tarred([tar_file("x.py"), ("multitask.py", tarfile.LNKTYPE, b"x.py")])),
        "is a link",
    ),
    "device in a zip": (file_with("a.zip", zip_entry("multitask.py", b"", stat.S_IFCHR | 0o666)), "is a device, pipe"),
    "device in a tar": (file_with("a.tar", tarred([("multitask.py", tarfile.CHRTYPE, b"")])), "is a device, pipe"),
    "pipe in a tar": (file_with("a.tar", tarred([("multitask.py", tarfile.FIFOTYPE, b"")])), "is a device, pipe"),
    "sparse": (file_with("a.tar", tar_header(b"multitask.py", b"0", b"S")), "sparse file"),
    # archives
    "encrypted": (file_with("a.zip", encrypted()), "is encrypted. Make the archive again without a password"),
    "zip by bzip2": (file_with("a.zip", with_method(zipfile.ZIP_BZIP2)), "compressed in an unusual way"),
    "zip by lzma": (file_with("a.zip", with_method(zipfile.ZIP_LZMA)), "compressed in an unusual way"),
    "truncated zip": (file_with("a.zip", GOOD_ZIP[:-30]), "a.zip is damaged or incomplete"),
    "corrupt zip": (file_with("a.zip", CORRUPT_ZIP), "a.zip is damaged or incomplete"),
    "zip of two names": (file_with("a.zip", GOOD_ZIP.replace(b"multitask.py", b"multitusk.py", 1)), "is damaged"),
    "truncated tar.gz": (file_with("a.tar.gz", GOOD_TGZ[:-30]), "a.tar.gz is damaged or incomplete"),
    "truncated tar": (file_with("a.tar", tarred([tar_file()])[:540]), "a.tar is damaged or incomplete"),
    "truncated xz": (file_with("a.tar.xz", tarred([tar_file()], "w:xz")[:-30]), "is damaged or incomplete"),
    "truncated bz2": (file_with("a.tar.bz2", tarred([tar_file()], "w:bz2")[:-9]), "is damaged or incomplete"),
    "gzip of no tar": (
        file_with("multitask.py.gz", gzip.compress(WORK.encode())),
        "holds no tar archive",
    ),
    "negative size": (file_with("a.tar", tar_header(b"x", b"\xff" * 12, b"0")), "is damaged or incomplete"),
    "enormous size": (file_with("a.tar", tar_header(b"multitask.py", b"\x80" + b"\x7f" * 11, b"0")), "is damaged"),
    "not a zip": (file_with("a.zip", b"once upon a time"), "is not an archive, although its name says so"),
    "RAR called zip": (file_with("a.zip", b"Rar!\x1a\x07\x01\0" + b"x" * 50), "a.zip holds RAR data"),
    "7-Zip": (file_with("a.7z", b"7z\xbc\xaf\x27\x1c" + b"x" * 50), "holds 7-Zip data"),
    "web page": (file_with("a.zip", b"<!DOCTYPE html><title>Log in</title>"), "holds HTML data"),
    "PDF": (file_with("a.pdf", b"%PDF-1.7 ..."), "holds PDF data"),
    "no known form": (file_with("a.txt", "hello"), "a.txt is not accepted. Hand in a folder"),
    "zero bytes": (file_with("a.zip", b""), "a.zip is empty"),
    # sizes
    "large": (file_with("multitask.py", b"#" * 1_000_001), "larger than 1,000,000 bytes"),
    "large in a zip": (file_with("a.zip", zipped({"multitask.py": b"#" * 1_000_001})), "larger than 1,000,000 bytes"),
    "declares less": (file_with("a.zip", lying_size(100)), "is damaged or incomplete"),
    "declares more": (file_with("a.zip", lying_size(0xFFFFFFF0)), "larger than 1,000,000 bytes"),
    "large in a tar": (
        file_with("a.tar.gz", tarred([tar_file(content=b"#" * 1_000_001)], "w:gz")),
        "larger than 1,000,000",
    ),
    # text
    "empty": (file_with("multitask.py", b""), "multitask.py is empty"),
    "only blanks": (file_with("multitask.py", codecs.BOM_UTF8 + b" \r\n\t\n"), "multitask.py is empty"),
    "UTF-16, cut off": (file_with("multitask.py", WORK.encode("utf-16")[:-1]), "saved as UTF-16, and damaged. Save it"),
    "no letters": (
        file_with("multitask.py", b"x = 1\n" + bytes(range(128, 256))),
        "line 2, is not UTF-8 (byte 0x80): the file looks as if it were saved as Windows-1252. Save it as UTF-8",
    ),
    "null byte": (file_with("multitask.py", "x = 1\r\ny = '\0'\r\n"), "line 2, contains a null byte"),
}


@pytest.mark.parametrize(("make", "words"), REFUSED.values(), ids=REFUSED)
def test_refused(tmp_path: Path, make: Make, words: str) -> None:
    path = make(tmp_path)
    submission = read(path)
    assert submission.refusal is not None
    assert words in submission.refusal
    assert submission.modules == {}
    assert submission.source == path


def test_links_and_pipes_in_a_folder_are_neither_followed_nor_waited_for(tmp_path: Path) -> None:
    secret = put(tmp_path, "secret/multitask.py", WORK)
    words = {"link": "is a link", "dangling": "is a link", "pipe": "is a device, ", "socket": "is a device, "}
    for case in words:
        (tmp_path / case).mkdir()
    (tmp_path / "link" / "multitask.py").symlink_to(secret)
    (tmp_path / "dangling" / "multitask.py").symlink_to("nowhere")
    os.mkfifo(tmp_path / "pipe" / "multitask.py")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "socket" / "multitask.py"))
    for case, expected in words.items():
        assert f"multitask.py {expected}" in str(read(tmp_path / case).refusal)
        assert f"multitask.py {expected}" in str(read(tmp_path / case / "multitask.py").refusal)
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "hw0").symlink_to(secret.parent)
    assert "multitask.py is missing" in str(read(tmp_path / "folder").refusal)
    (tmp_path / "all").symlink_to(secret.parent)
    assert "all is a link" in str(read(tmp_path / "all").refusal)
    assert read(secret).refusal is None


@pytest.fixture
def unprivileged() -> Iterator[Path]:
    """A folder of a user who, unlike root, can be denied something; we are that user until the test ends."""
    with tempfile.TemporaryDirectory() as name:
        before = os.geteuid()
        if before == 0:
            os.chown(name, 65534, 65534)
            os.seteuid(65534)
        try:
            yield Path(name)
        finally:
            for path in (name, *map(str, Path(name).rglob("*"))):
                os.chmod(path, 0o700)
            os.seteuid(before)


def test_what_may_not_be_read_is_named(unprivileged: Path) -> None:
    file = put(unprivileged, "alice/multitask.py", WORK)
    file.chmod(0)
    assert "multitask.py cannot be read: permission denied" in str(read(file).refusal)
    assert "multitask.py cannot be read: permission denied" in str(read(file.parent).refusal)
    file.parent.chmod(0)
    assert "the folder alice cannot be opened: permission denied" in str(read(file.parent).refusal)
    put(unprivileged, "bob/multitask.py", WORK)
    (unprivileged / "bob" / "locked").mkdir(mode=0)
    assert read(unprivileged / "bob").refusal is None
    (unprivileged / "bob" / "multitask.py").unlink()
    assert "the folder locked cannot be opened" in str(read(unprivileged / "bob").refusal)


CAFE = "x = 'café'\n"
ENCODED = {
    "UTF-16": (CAFE.encode("utf-16"), "it is saved as UTF-16, which Python does not read"),
    "UTF-16 without mark": (CAFE.encode("utf-16-be"), "it is saved as UTF-16BE"),
    "UTF-32": (codecs.BOM_UTF32_LE + CAFE.encode("utf-32-le"), "it is saved as UTF-32"),
    "Latin-1": (CAFE.encode("latin-1"), "line 1, is not UTF-8 (byte 0xe9): it was read as Latin-1"),
    "Windows-1252": (
        f"# “a”\n{CAFE}".encode("cp1252"),
        "line 1, is not UTF-8 (byte 0x93): it was read as Windows-1252",
    ),
    "declared": (f"# -*- coding: iso-8859-15 -*-\n{CAFE}".encode("latin-1"), "it was read as iso-8859-15"),
    "declared as Emacs does": (f"# -*- coding: latin-1-unix -*-\n{CAFE}".encode("latin-1"), "read as latin-1-unix"),
    "declared, and nobody knows it": (f"# coding: iso-8859-99\n{CAFE}".encode("latin-1"), "read as Latin-1"),
    "declared, and no encoding of letters": (f"# coding: punycode\n{CAFE}".encode("latin-1"), "read as Latin-1"),
    "behind the end": (f"{CAFE}\x1a".encode(), "the mark of the end behind its last line was removed"),
}


@pytest.mark.parametrize(("data", "told"), ENCODED.values(), ids=ENCODED)
def test_what_is_not_utf8_is_read_as_what_it_is_and_told(tmp_path: Path, data: bytes, told: str) -> None:
    submission = read(put(tmp_path, "multitask.py", data))
    assert submission.refusal is None
    assert submission.modules["multitask"].endswith(CAFE)
    assert any(told in note for note in submission.notes)


def test_a_text_that_is_larger_in_utf8_is_refused_and_no_fault_of_ours(tmp_path: Path) -> None:
    """A worker takes texts of at most a megabyte: half of this one grows to twice its size."""
    data = b"# " + b"\xe9a" * 450_000 + b"\n"
    assert len(data) < 1_000_000 < len(data.decode("latin-1").encode())
    assert "larger than 1,000,000 bytes in UTF-8" in str(read(put(tmp_path, "multitask.py", data)).refusal)


def test_a_declared_encoding_that_is_not_the_real_one_is_remarked_on(tmp_path: Path) -> None:
    submission = read(put(tmp_path, "multitask.py", "#!/usr/bin/python\n# coding: latin-1\nx = 'é'\n"))
    assert submission.modules["multitask"].endswith("x = 'é'\n")
    assert submission.notes == (
        "multitask.py: its first lines say that it is written in latin-1; it was read as UTF-8",
    )
    assert read(put(tmp_path, "multitask.py", "# -*- coding: UTF_8 -*-\nx = 1\n")).notes == ()
    assert read(put(tmp_path, "multitask.py", "x = 1\n# coding: latin-1\n")).notes == ()


def test_line_numbers_are_those_of_the_editor(tmp_path: Path) -> None:
    text = read(put(tmp_path, "multitask.py", b"a = 1\r\n\x0cb = 2\rc = 3\n")).modules["multitask"]
    assert text == "a = 1\n\x0cb = 2\nc = 3\n"


def test_several_modules(tmp_path: Path) -> None:
    wanted = ["multitask.py", "meta.py"]
    for name in wanted:
        put(tmp_path, f"alice/{name}", f"# {name}\n")
    submission = read(tmp_path / "alice", wanted)
    assert submission.modules == {"multitask": "# multitask.py\n", "meta": "# meta.py\n"}
    (tmp_path / "alice" / "meta.py").rename(tmp_path / "alice" / "Meta.py")
    assert "Meta.py was taken as meta.py" in read(tmp_path / "alice", wanted).notes
    loose = put(tmp_path, "other.py", WORK)
    assert "is one file, but the assignment asks for multitask.py, meta.py" in str(read(loose, wanted).refusal)
    big = tmp_path / "alice" / "meta.py"
    (tmp_path / "alice" / "Meta.py").rename(big)
    big.write_text("#" * 900)
    assert "together are larger than 500 bytes" in str(read(tmp_path / "alice", wanted, sources_bytes=500).refusal)


@pytest.mark.parametrize(
    ("files", "says"),
    [
        (["multitask.py"], "meta.py is missing. Hand it in beside multitask.py."),
        (["multitask.py", "written.md", "plot.png"], "meta.py is missing. Hand it in beside multitask.py."),
        (["multitask.py", "meta.pyc"], "meta.py is missing: found meta.pyc, which is compiled."),
        (["multitask.py", "mine.py"], "meta.py is missing: found mine.py. If one of these is your work"),
    ],
)
def test_a_module_that_is_missing_leaves_the_others(tmp_path: Path, files: list[str], says: str) -> None:
    for name in files:
        put(tmp_path, f"alice/{name}", WORK)
    submission = read(tmp_path / "alice", ["multitask.py", "meta.py"])
    assert submission.refusal is None
    assert dict(submission.modules) == {"multitask": WORK.decode() if isinstance(WORK, bytes) else WORK, "meta": ""}
    assert list(submission.absent) == ["meta"]
    assert submission.absent["meta"].startswith(says)
    assert submission.absent["meta"] in submission.notes
    assert "holds no files" not in " ".join(submission.notes)


def test_one_loose_module_of_several_counts_too(tmp_path: Path) -> None:
    submission = read(put(tmp_path, "meta.py", WORK), ["multitask.py", "meta.py"])
    assert (submission.refusal, list(submission.absent)) == (None, ["multitask"])


def test_where_no_module_is_there_nothing_counts(tmp_path: Path) -> None:
    put(tmp_path, "alice/notes.txt", "x")
    submission = read(tmp_path / "alice", ["multitask.py", "meta.py"])
    assert "multitask.py is missing: found notes.txt" in str(submission.refusal)
    assert dict(submission.absent) == {}


def test_the_form_a_mac_writes_accents_in_is_the_same_name(tmp_path: Path) -> None:
    put(tmp_path, "alice/me\u0301ta.py", "x = 1\n")
    assert read(tmp_path / "alice", ["m\u00e9ta.py"]).modules == {"m\u00e9ta": "x = 1\n"}


def test_the_fingerprint_depends_on_content_alone(tmp_path: Path) -> None:
    one = read(put(tmp_path, "a.py", WORK))
    other = read(put(tmp_path, "b.zip", zipped({"x/multitask.py": WORK.replace("\n", "\r\n"), "notes.txt": "x"})))
    changed = read(put(tmp_path, "c.py", WORK + "#"))
    refused = [read(put(tmp_path, f"{n}.zip", data)) for n, data in enumerate((b"junk", GOOD_ZIP[:-9]))]
    assert one.fingerprint == other.fingerprint
    assert len({one.fingerprint, changed.fingerprint, *(r.fingerprint for r in refused)}) == 4


@pytest.mark.parametrize("where", ["beside", "below"])
@pytest.mark.parametrize("form", ["folder", "zip", "tar.gz"])
def test_ten_thousand_files_are_quick(tmp_path: Path, form: str, where: str) -> None:
    names = [f"data/{n}.txt" if where == "below" else f"{n}.txt" for n in range(10_000)]
    entries: dict[str, bytes | str] = {"multitask.py": WORK, **dict.fromkeys(names, "")}
    if form == "folder":
        for name in entries:
            put(tmp_path / "alice", name, entries[name])
        path = tmp_path / "alice"
    elif form == "zip":
        path = put(tmp_path, "alice.zip", zipped(entries))
    else:
        path = put(
            tmp_path,
            "alice.tar.gz",
            tarred([tar_file(name, WORK.encode()) for name in entries], "w:gz", tarfile.USTAR_FORMAT),
        )
    start = time.process_time()
    submission = read(path)
    assert time.process_time() - start < 2.0
    if where == "below":
        assert submission.modules == {"multitask": WORK}
        assert submission.notes == ("other files and folders, not used: data/",)
    else:
        assert "more than 1,000 files and folders. Hand in only multitask.py" in str(submission.refusal)


def test_more_entries_than_are_listed_at_all(tmp_path: Path) -> None:
    many = {f"{n}/x": "" for n in range(60)}
    assert "more than 50 files" in str(read(put(tmp_path, "a.zip", zipped(dict(many))), listed=50).refusal)
    packed = tarred([tar_file(name) for name in many], "w:gz")
    assert "more than 50 files" in str(read(put(tmp_path, "a.tgz", packed), listed=50).refusal)
    for name in many:
        put(tmp_path / "folder", name, "")
    assert "more than 50 files" in str(read(tmp_path / "folder", listed=50).refusal)


@pytest.mark.parametrize("form", ["gz", "bz2", "xz"])
def test_a_bomb_stops_at_the_limit(tmp_path: Path, form: str) -> None:
    bomb = put(tmp_path, f"bomb.tar.{form}", tarred([tar_file("zeros", bytes(30 << 20))], f"w:{form}"))
    assert bomb.stat().st_size < 100_000
    assert "unpacks to more than 20,000,000 bytes" in str(read(bomb, unpacked_bytes=20_000_000).refusal)


def test_an_archive_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    path = put(tmp_path, "a.zip", GOOD_ZIP)
    os.truncate(path, 60_000_000)
    assert "larger than 50,000,000 bytes" in str(read(path).refusal)


def test_a_dictionary_of_gigabytes_is_refused(tmp_path: Path) -> None:
    data = bytearray(lzma.compress(tarred([tar_file()])))
    at = 12  # the block header: size, flags, filter id, size of properties, dictionary size code
    assert data[at + 2 : at + 4] == b"\x21\x01"
    data[at + 4] = 40  # 4 GiB
    size = (data[at] + 1) * 4
    struct.pack_into("<I", data, at + size - 4, zlib.crc32(data[at : at + size - 4]))
    assert "is damaged or incomplete" in str(read(put(tmp_path, "a.tar.xz", bytes(data))).refusal)


def extended(payload: bytes, times: int) -> bytes:
    header = tar_header(b"x", b"%o" % len(payload), b"x")
    return (header + payload + b"\0" * (-len(payload) % 512)) * times + tarred([tar_file()])


@pytest.mark.parametrize(
    ("payload", "times"),
    [
        (b"1" * 4_000_000, 1),
        (b"11 path=abc", 5_000),
        (b"", 5_000),
        (b"17 size=-99999999\n", 3),
        (b"25 GNU.sparse.major=1\n0\n0\n", 3),
    ],
    ids=["quadratic search", "deep chain", "empty chain", "negative size", "sparse"],
)
def test_hostile_tar_headers_cost_little(tmp_path: Path, payload: bytes, times: int) -> None:
    start = time.process_time()
    read(put(tmp_path, "a.tar", extended(payload, times)))
    assert time.process_time() - start < 1.0


def test_names_in_messages_are_harmless(tmp_path: Path) -> None:
    evil = "\u202egpj.py"
    problem = read(put(tmp_path, "a.zip", zipped({evil: WORK, "b.py": WORK}))).refusal
    assert "found \\u202egpj.py" in str(problem) or "b.py, \\u202egpj.py" in str(problem)
    note = read(put(tmp_path, "b.zip", zipped({"multitask.py": WORK, evil: "x"}))).notes[0]
    assert "\\u202egpj.py" in note
    submission = read(put(tmp_path, "=cmd|'x'!A1\u202e\x1b[31m.py", WORK))
    assert submission.name == "_cmd_'x'_A1___31m"
    assert submission.source.name.startswith("=cmd")


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("alice.py", "alice"),
        ("alice.tar.gz", "alice"),
        ("Zoë Müller.zip", "Zoë Müller"),
        ("李雷_LATE_123_456_multitask.py", "李雷_LATE_123_456_multitask"),
        ("a@b.edu.zip", "a@b.edu"),
        ("-rf.py", "_rf"),
        ("@SUM(A1).py", "_SUM(A1)"),
        ("con.zip", "_con"),
        ("trailing. .py", "trailing"),
    ],
)
def test_names_are_safe(tmp_path: Path, name: str, safe: str) -> None:
    assert read(put(tmp_path, name, WORK)).name == safe


def test_long_names_stay_distinct(tmp_path: Path) -> None:
    names = [read(put(tmp_path, "李" * 70 + end + ".py", WORK)).name for end in "ab"]
    assert names[0] != names[1]
    assert all(len(name.encode()) < 200 for name in names)


def test_what_we_ask_for_wrongly_is_an_error_and_never_a_verdict(tmp_path: Path) -> None:
    with pytest.raises(IntakeError, match="there is no such file"):
        read(tmp_path / "nobody")
    path = put(tmp_path, "a.zip", GOOD_ZIP)
    for wanted in ([], ["multitask"], ["../x.py"], ["probes.py"], ["torch.py"], ["a.py", "A.py"]):
        with pytest.raises(IntakeError, match="asks for"):
            read(path, wanted)


def test_running_out_of_files_is_our_error(tmp_path: Path) -> None:
    path = put(tmp_path, "a.zip", GOOD_ZIP)
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    free = os.dup(0)
    os.close(free)
    resource.setrlimit(resource.RLIMIT_NOFILE, (free, hard))
    try:
        with pytest.raises(IntakeError, match="a fault on our side, not the student's"):
            read(path)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.mark.parametrize("form", ["a.zip", "a.tgz"])
def test_running_out_of_stack_is_our_error(tmp_path: Path, form: str) -> None:
    path = put(tmp_path, form, GOOD_ZIP if form == "a.zip" else GOOD_TGZ)

    def at_depth(depth: int) -> Submission:
        return read(path) if depth == 0 else at_depth(depth - 1)

    outcomes: set[object] = set()
    for depth in range(sys.getrecursionlimit() - 150, sys.getrecursionlimit()):
        try:
            outcomes.add(at_depth(depth).refusal)
        except (IntakeError, RecursionError) as error:
            outcomes.add(type(error))
    assert outcomes == {None, IntakeError, RecursionError}


def test_running_out_of_memory_is_our_error(tmp_path: Path) -> None:
    path = put(tmp_path, "a.tgz", tarred([tar_file("zeros", bytes(90 << 20)), tar_file()], "w:gz"))
    assert read(path).refusal is None
    program = f"""if True:
        import resource
        from pathlib import Path
        from grader.errors import IntakeError
        from grader.intake import Wanted, read_submission
        size = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (size + (60 << 20), -1))
        try:
            print(read_submission(Path({str(path)!r}), Wanted(("multitask.py",))).refusal)
        except IntakeError as error:
            print(type(error.__cause__).__name__)
    """
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "MemoryError\n"


SEEDS = {
    "zip": zipped({"hw0/multitask.py": WORK, "hw0/notes.txt": "x" * 300}),
    "stored.zip": zipped({"multitask.py": WORK}, zipfile.ZIP_STORED),
    "tar": tarred([tar_file("é" * 90 + "/multitask.py"), ("l", tarfile.SYMTYPE, b"multitask.py"), tar_file("b")]),
    "gnu.tar": tarred([tar_file("a" * 120 + "/multitask.py")], form=tarfile.GNU_FORMAT),
    "tar.gz": tarred([tar_file()], "w:gz"),
    "tar.bz2": tarred([tar_file()], "w:bz2"),
    "tar.xz": tarred([tar_file()], "w:xz"),
}


@pytest.mark.parametrize("form", SEEDS)
@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_damaged_archives_never_raise(tmp_path: Path, form: str, data: st.DataObject) -> None:
    content = bytearray(SEEDS[form])
    for _ in range(data.draw(st.integers(0, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    if data.draw(st.booleans()):
        del content[data.draw(st.integers(0, len(content))) :]
    assert_sound(read(put(tmp_path, f"a.{form}", bytes(content))))


@pytest.mark.parametrize("form", SEEDS)
def test_every_truncation_and_many_flips(tmp_path: Path, form: str) -> None:
    whole, random_ = SEEDS[form], random.Random(form)
    for end in range(0, min(len(whole), 700), 9):
        assert_sound(read(put(tmp_path, f"a.{form}", whole[:end])))
    for _ in range(100):
        flipped = bytearray(whole)
        flipped[random_.randrange(len(flipped))] ^= 1 << random_.randrange(8)
        assert_sound(read(put(tmp_path, f"a.{form}", bytes(flipped))))


@settings(
    max_examples=100, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(content=st.binary(max_size=400), name=st.sampled_from(["a.zip", "a.tar", "a.tgz", "multitask.py", "a"]))
@example(content=b"PK\x05\x06" + b"\xff" * 18, name="a.zip")
@example(content=b"PK\x03\x04", name="multitask.py")
def test_any_bytes_at_all(tmp_path: Path, content: bytes, name: str) -> None:
    assert_sound(read(put(tmp_path, name, content)))


def assert_sound(submission: Submission) -> None:
    """Valid with its one module, or refused with a reason."""
    assert (submission.refusal is None) == (list(submission.modules) == ["multitask"])
    assert submission.refusal is None or len(submission.refusal) > 20
