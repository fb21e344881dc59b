"""A file's bytes as text: UTF-8 and nothing else, with the line numbers that Python will report."""

from __future__ import annotations

import codecs
import re

from grader.intake.content import sniffed
from grader.intake.names import shown
from grader.intake.submission import Refused

# PEP 263, on the first two lines only.
_COOKIE = re.compile(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]{1,40})", re.ASCII)
_BLANK = re.compile(rb"^[ \t\f]*(?:#.*)?$")
# UTF-32 first: its little-endian mark begins with that of UTF-16.
_WIDE_MARKS = {
    codecs.BOM_UTF32_LE: "UTF-32",
    codecs.BOM_UTF32_BE: "UTF-32",
    codecs.BOM_UTF16_LE: "UTF-16",
    codecs.BOM_UTF16_BE: "UTF-16",
}
CONFLICT = re.compile(r"^(?:<{7}|>{7})(?: |$)", re.MULTILINE)
_CONFLICT_MIDDLE = re.compile(r"^={7}$", re.MULTILINE)
_LINK = re.compile(rb"\s*(?:\[InternetShortcut\]\s*URL=)?(https?://[!-~]{4,300})\s*")
_LINK_BYTES = 2000
_LFS = b"version https://git-lfs.github.com/spec/"
SAVE_AS_UTF8 = (
    "Save it as UTF-8 (VS Code: click the encoding in the bottom bar, Save with Encoding, UTF-8; "
    "Notepad: Save as, Encoding: UTF-8) and hand it in again."
)


def decoded(data: bytes, file: str) -> tuple[str, list[str]]:
    """The text of a module with "\\n" line ends, and notes. Raises `Refused` when it is not UTF-8 text, or empty."""
    text, notes = as_text(data, file, "Python source")
    cookie = _cookie(text[:1000].encode("utf-8"))
    if cookie is not None and cookie.lower().replace("_", "-") not in (
        "utf-8",
        "utf8",
        "utf-8-sig",
        "u8",
        "ascii",
        "us-ascii",
    ):
        notes.append(f"{file}: its first lines say that it is written in {cookie}; it was read as UTF-8")
    if text.lstrip().startswith("{") and '"nbformat"' in text:
        raise Refused(
            f"{file} holds a notebook, not Python source. Export the notebook as a Python file and hand that in."
        )
    return text, notes


def as_text(data: bytes, file: str, what: str) -> tuple[str, list[str]]:
    """The text of any file with "\\n" line ends, and notes; `what` should be in it: "Python source".

    Raises `Refused` when it is not UTF-8 text, or empty.
    """
    notes = []
    if (kind := sniffed(data)) is not None:
        raise Refused(f"{file} holds {kind} data, not {what}. To rename a file does not convert it: hand in {what}.")
    for mark, encoding in _WIDE_MARKS.items():
        if data.startswith(mark):
            raise Refused(f"{file} is saved as {encoding}, not as UTF-8. {SAVE_AS_UTF8}")
    if data.startswith(codecs.BOM_UTF8):
        data = data.removeprefix(codecs.BOM_UTF8)
        notes.append(f"{file}: the byte order mark at its beginning was removed")
    # What Python does too, so that its line numbers are those of the student's editor.
    data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    if not data.strip():
        raise Refused(f"{file} is empty. Check that you saved it, and hand it in again.")
    if b"\0" in data:
        if data[:2000].count(0) > len(data[:2000]) // 4:
            raise Refused(f"{file} looks as if it were saved as UTF-16, not as UTF-8. {SAVE_AS_UTF8}")
        raise Refused(
            f"{file}, line {_line(data, data.index(0))}, contains a null byte, which no source has: "
            "the file is damaged or not a source file. Hand in the source as text."
        )
    if link := _LINK.fullmatch(data[:2000]) if len(data) < _LINK_BYTES else None:
        raise Refused(
            f"{file} holds a link ({shown(link[1].decode())}), not {what}. The grader follows no links: "
            "open it, download the file (Colab: File, Download), and hand that in."
        )
    if data.startswith(_LFS):
        raise Refused(
            f"{file} holds a pointer of Git LFS, not {what}: the file itself was not downloaded. "
            "Run `git lfs pull`, and hand in what is there then."
        )
    try:
        return data.decode("utf-8"), notes
    except UnicodeDecodeError as error:
        guess = _cookie(data) or ("Windows-1252" if any(0x80 <= byte < 0xA0 for byte in data) else "Latin-1")
        raise Refused(
            f"{file}, line {_line(data, error.start)}, is not UTF-8 (byte 0x{data[error.start]:02x}): "
            f"the file looks as if it were saved as {guess}. {SAVE_AS_UTF8}"
        ) from None


def unresolved(text: str, file: str, again: str) -> Refused | None:
    """What to tell of a text that cannot be read, if a merge of git was not finished in it."""
    conflict = CONFLICT.search(text) or _CONFLICT_MIDDLE.search(text)
    if conflict is None:
        return None
    line = text.count("\n", 0, conflict.start()) + 1
    return Refused(
        f"{file}, line {line}, is a mark of git (`{conflict[0].strip()}`): a merge conflict is not resolved. "
        f"Keep one of the two versions (`git checkout --ours` or `--theirs`). {again}"
    )


def _line(data: bytes, position: int) -> int:
    return data.count(b"\n", 0, position) + 1


def _cookie(data: bytes) -> str | None:
    for line in data.split(b"\n", 2)[:2]:
        found = _COOKIE.match(line)
        if found:
            return found[1].decode("ascii")
        if not _BLANK.match(line):
            return None
    return None
