"""A file's bytes as text, with the line numbers that Python will report.

What is not UTF-8 is read as what it says it is, or else as most editors would: a comment in another encoding costs
nobody the points for code that is right.
"""

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
# What a first line may name beside UTF-8: encodings of letters, in which no line break is hidden.
_OF_LETTERS = re.compile(
    r"(?:latin-?1|iso-?8859-?\d{1,2}|(?:cp|windows-)125\d|gbk|gb2312|gb18030|big5|shift-jis|euc-(?:jp|kr)|koi8-[ru]"
    r"|mac-roman)(?:-(?:unix|dos|mac))?"
)
_MOST_FOREIGN = 0.5  # the share of other bytes than ASCII's up to which something is text
_END_MARKS = b"\0\x1a"  # what old programs write behind the end of a text
_UTF8_NAMES = ("utf-8", "utf8", "utf-8-sig", "u8", "ascii", "us-ascii")
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
    """The text of a module with "\\n" line ends, and notes. Raises `Refused` when it is not text, or empty."""
    text, notes = as_text(data, file, "Python source")
    cookie = _cookie(text[:1000].encode("utf-8"))
    if cookie is not None and cookie.lower().replace("_", "-") not in _UTF8_NAMES and not _foreign(data):
        notes.append(f"{file}: its first lines say that it is written in {cookie}; it was read as UTF-8")
    if text.lstrip().startswith("{") and '"nbformat"' in text:
        raise Refused(
            f"{file} holds a notebook, not Python source. Export the notebook as a Python file and hand that in."
        )
    return text, notes


def as_text(data: bytes, file: str, what: str) -> tuple[str, list[str]]:
    """The text of any file with "\\n" line ends, and notes; `what` should be in it: "Python source".

    Raises `Refused` when it is not text, or empty.
    """
    notes: list[str] = []
    if (kind := sniffed(data)) is not None:
        raise Refused(f"{file} holds {kind} data, not {what}. To rename a file does not convert it: hand in {what}.")
    if encoding := _wide(data):
        data = _narrowed(data, encoding, file)
        notes.append(f"{file}: it is saved as {encoding}, which Python does not read, and was read as that here")
    if data.startswith(codecs.BOM_UTF8):
        data = data.removeprefix(codecs.BOM_UTF8)
        notes.append(f"{file}: the byte order mark at its beginning was removed")
    if data.endswith((b"\0", b"\x1a")):
        data = data.rstrip(_END_MARKS)
        notes.append(f"{file}: the mark of the end behind its last line was removed")
    # What Python does too, so that its line numbers are those of the student's editor.
    data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    if not data.strip():
        raise Refused(f"{file} is empty. Check that you saved it, and hand it in again.")
    if b"\0" in data:
        raise Refused(
            f"{file}, line {_line(data, data.index(0))}, contains a null byte, which no text has: "
            "the file is damaged, or holds something else. Hand it in as text."
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
        at = f"{file}, line {_line(data, error.start)}, is not UTF-8 (byte 0x{data[error.start]:02x})"
    text, encoding = _of_letters(data)
    if text is None:
        raise Refused(f"{at}: the file looks as if it were saved as {encoding}. {SAVE_AS_UTF8}")
    notes.append(f"{at}: it was read as {encoding}. Save the file as UTF-8, which every Python reads")
    return text, notes


def _wide(data: bytes) -> str:
    """The encoding with several bytes for each letter in which a text begins; "" for another one."""
    for mark, encoding in _WIDE_MARKS.items():
        if data.startswith(mark):
            return encoding
    even, odd = data[:2000:2].count(0), data[1:2000:2].count(0)
    if max(even, odd) * 4 < len(data[:2000]) or min(even, odd) > 0 or not data:
        return ""
    return "UTF-16LE" if odd else "UTF-16BE"


def _narrowed(data: bytes, encoding: str, file: str) -> bytes:
    """UTF-16 or UTF-32 as UTF-8."""
    try:
        return data.decode(encoding).encode("utf-8")
    except UnicodeError:
        raise Refused(f"{file} is saved as {encoding}, and damaged. {SAVE_AS_UTF8}") from None


def _foreign(data: bytes) -> bool:
    """Whether bytes are not UTF-8."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return True
    return False


def _of_letters(data: bytes) -> tuple[str | None, str]:
    """The text in the encoding that it names, or else in the usual one of Windows or Latin-1; None if it is no text."""
    named = (_cookie(data) or "").lower().replace("_", "-")
    usual = "Windows-1252" if any(0x80 <= byte < 0xA0 for byte in data) else "Latin-1"
    encoding = named if _OF_LETTERS.fullmatch(named) else usual
    foreign = sum(byte >= 0x80 for byte in data)
    if any(byte < 0x20 and byte not in b"\t\n\f" for byte in data) or foreign > _MOST_FOREIGN * len(data):
        return None, encoding
    try:
        return data.decode(re.sub(r"-(?:unix|dos|mac)$", "", encoding)), encoding
    except (UnicodeDecodeError, LookupError):  # there is no iso-8859-99
        return data.decode("latin-1"), "Latin-1"


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
