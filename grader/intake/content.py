"""What a file holds, by its first bytes, whatever its name says."""

from __future__ import annotations

_MAGIC = {
    b"PK\x03\x04": "zip",
    b"PK\x05\x06": "zip",
    b"\x1f\x8b": "gzip",
    b"BZh": "bzip2",
    b"\xfd7zXZ\0": "xz",
    b"Rar!\x1a\x07": "RAR",
    b"7z\xbc\xaf\x27\x1c": "7-Zip",
    b"\x28\xb5\x2f\xfd": "Zstandard",
    b"%PDF-": "PDF",
    b"\x7fELF": "program",
    b"{\\rtf": "RTF",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": "Word",  # or another program of old Office
    b"\x89PNG\r\n": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"GIF87a": "GIF",
    b"GIF89a": "GIF",
    b"bplist00": "property list",  # what a Mac keeps in place of a page, a link or an alias
}
_BZIP2_BLOCKS = (b"1AY&SY", b"\x17rE8P\x90")
_PAGES = (b"<!doctype", b"<html", b"<head", b"<?xml")
_SAVED_PAGES = (b"mime-version:", b"from: <saved by")  # a page with its pictures in one file
# A document of Office is a zip; these are the names that its first entry has, and a folder in it for each program.
_OFFICE_FIRST = (b"[Content_Types].xml", b"_rels/", b"docProps/", b"mimetype")
_OFFICE = {b"word/": "Word", b"xl/": "Excel", b"ppt/": "PowerPoint", b"opendocument": "OpenDocument"}


def sniffed(data: bytes) -> str | None:
    """The format that the content shows: an archive, a document, a picture, a web page. None when it may be text."""
    if data[257:262] == b"ustar" and b"\0" in data[:512]:
        return "tar"
    for magic, kind in _MAGIC.items():
        if data.startswith(magic):
            if kind == "bzip2" and data[4:10] not in _BZIP2_BLOCKS:
                return None
            return (_office(data) or kind) if kind == "zip" else kind
    begin = data[:200].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if begin.startswith(_PAGES):
        return "HTML" if b"html" in data[:1000].lower() or begin.startswith(b"<head") else "XML"
    return "web page" if begin.startswith(_SAVED_PAGES) else None


def _office(data: bytes) -> str | None:
    if not data[30:].startswith(_OFFICE_FIRST):
        return None
    return next((kind for sign, kind in _OFFICE.items() if sign in data), None)
