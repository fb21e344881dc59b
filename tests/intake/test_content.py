"""What a file is by its content, under whatever name and in whatever form it was handed in."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from grader.intake import Wanted, read_submission
from grader.intake.content import sniffed

WANTED = Wanted(("multitask.py",), "hw0.ipynb")


def zipped(*entries: tuple[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return buffer.getvalue()


WORD = zipped(("[Content_Types].xml", b"<Types/>"), ("_rels/.rels", b""), ("word/document.xml", b""))
OTHERS = {
    "PDF": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "PDF"),
    "page": (b"\n <!DOCTYPE html>\n<html><body>Log in</body></html>", "HTML"),
    "page with a mark": (b"\xef\xbb\xbf<html>", "HTML"),
    "page without a type": (b"<head><title>hw0.ipynb</title></head>", "HTML"),
    "XML": (b'<?xml version="1.0"?><Error><Code>NoSuchKey</Code></Error>', "XML"),
    "saved page": (b"MIME-Version: 1.0\nContent-Type: multipart/related", "web page"),
    "RTF": (b"{\\rtf1\\ansi def union(a, b): return a | b}", "RTF"),
    "Word": (WORD, "Word"),
    "Word, other order": (zipped(("_rels/.rels", b""), ("word/document.xml", b"")), "Word"),
    "old Word": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), "Word"),
    "OpenDocument": (zipped(("mimetype", b"application/vnd.oasis.opendocument.text")), "OpenDocument"),
    "picture": (b"\x89PNG\r\n\x1a\n" + bytes(30), "PNG"),
    "photo": (b"\xff\xd8\xff\xe0" + bytes(30), "JPEG"),
    "RAR": (b"Rar!\x1a\x07\x01\0" + bytes(30), "RAR"),
}


@pytest.mark.parametrize("where", ["folder", "zip", "loose"])
@pytest.mark.parametrize("name", ["multitask.py", "hw0.ipynb"])
@pytest.mark.parametrize(("data", "kind"), OTHERS.values(), ids=OTHERS)
def test_another_content_is_told_wherever_it_lies(
    tmp_path: Path, data: bytes, kind: str, name: str, where: str
) -> None:
    path = tmp_path / ("alice.zip" if where == "zip" else name)
    path.write_bytes(zipped((name, data)) if where == "zip" else data)
    problem = read_submission(tmp_path if where == "folder" else path, WANTED).refusal
    assert f"{name} holds {kind} data, " in str(problem)
    assert "UTF-8" not in str(problem)


def test_a_zip_within_a_folder_under_a_modules_name_is_told(tmp_path: Path) -> None:
    (tmp_path / "multitask.py").write_bytes(zipped(("multitask.py", b"x = 1\n")))
    assert "multitask.py holds zip data, not Python source" in str(read_submission(tmp_path, WANTED).refusal)


LINKS = {
    "Colab": "https://colab.research.google.com/drive/1a2b3c?usp=sharing\n",
    "shortcut": "[InternetShortcut]\r\nURL=https://github.com/alice/hw0/blob/main/hw0.ipynb\r\n",
    "plain": "  http://example.org/multitask.py",
}


@pytest.mark.parametrize("name", ["multitask.py", "hw0.ipynb"])
@pytest.mark.parametrize("text", LINKS.values(), ids=LINKS)
def test_a_link_in_place_of_a_file_is_told(tmp_path: Path, text: str, name: str) -> None:
    (tmp_path / name).write_text(text)
    problem = str(read_submission(tmp_path, WANTED).refusal)
    assert f"{name} holds a link (http" in problem
    assert "download the file" in problem


def test_a_pointer_to_a_large_file_is_told(tmp_path: Path) -> None:
    pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n"
    (tmp_path / "hw0.ipynb").write_text(pointer)
    assert "holds a pointer of Git LFS, not a notebook" in str(read_submission(tmp_path, WANTED).refusal)


def test_a_link_within_a_module_is_a_text(tmp_path: Path) -> None:
    (tmp_path / "multitask.py").write_text("# https://example.org\nx = 1\n")
    assert read_submission(tmp_path, WANTED).refusal is None


@pytest.mark.parametrize(
    "text",
    ["BZh9 = 1\n", "PK = 1\n", '"""<html> of a report."""\n', "{}\n", "GIF8 = 8\n", "From = 1\n", "# %PDF-1.7\n"],
)
def test_python_that_begins_strangely_is_python(text: str) -> None:
    assert sniffed(text.encode()) is None


def test_a_zip_that_holds_a_document_is_a_zip() -> None:
    assert sniffed(zipped(("report.docx", WORD), ("multitask.py", b""))) == "zip"
