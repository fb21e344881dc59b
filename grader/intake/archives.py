"""Zip and tar archives, read in memory: nothing is unpacked to disk, and of a zip only the modules are unpacked at all.

Every name in an archive is judged before the content of any is read. The parsers are the standard library's: `zipfile`,
and `tarfile.TarInfo` for the headers of a tar. The walk from one tar header to the next is ours, because a hostile
archive can send that of `tarfile.TarFile` into endless loops, deep recursion and quadratic searches in Python versions
that we support (CVE-2024-6232, CVE-2025-8194).
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import stat
import tarfile
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial

from grader.intake import names
from grader.intake.folders import kind_of
from grader.intake.names import shown
from grader.intake.submission import Allowance, IntakeLimits, Refused
from grader.intake.tree import Item, Kind, Levels
from grader.intake.zip_names import name_in_zip

BLOCK = tarfile.BLOCKSIZE
_LONG_NAMES = (tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK)
_PAX = (tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.SOLARIS_XHDTYPE)
_XZ_MEMORY = 100 << 20  # `xz -9` needs 65 MB; a header may ask for 4 GB
_LONG_NAME = 1 << 20  # the most that is read of a header that only names the next one
_MAKE_AGAIN = "Make the archive again and upload it again, or hand in the files without an archive."

READABLE = ("zip", "tar", "gzip", "bzip2", "xz")


def levels(data: bytes, kind: str, file: str, limits: IntakeLimits, allowance: Allowance) -> Levels:
    """The tree in an archive of a `READABLE` kind. Raises `Refused` when it is damaged, hostile or too large.

    What a compressed tar unpacks to is taken from the `allowance`.
    """
    if kind == "zip":
        return _levels(_zip_items(data, file, limits), file, limits, duplicates=False)
    tar = data if kind == "tar" else _unpacked(data, kind, file, limits, allowance)
    # To append a newer version of a file is how tar is meant to work: that is for `choose` to judge.
    return _levels(_tar_items(tar, file, limits), file, limits, duplicates=True)


def _levels(items: Iterable[Item], file: str, limits: IntakeLimits, *, duplicates: bool) -> Levels:
    by_depth: defaultdict[int, list[Item]] = defaultdict(list)
    folders: set[str] = set()
    files: set[str] = set()
    for given in items:
        # Windows writes a backslash between folders (.NET before 4.6.1, PowerShell 5); everybody reads it as a slash.
        item = replace(given, path=given.path.replace("\\", "/"))
        attempt = names.too_long(item.path, limits.name_bytes, limits.path_bytes) or names.escape_attempt(item.path)
        if attempt is not None:
            raise Refused(f"{file}: the name {shown(given.path)} in it {attempt}, which is not safe. {_MAKE_AGAIN}")
        parts = [part for part in item.path.split("/") if part not in ("", ".")]
        if not parts or any(names.is_skipped(part) for part in parts):
            continue
        path = "/".join(parts)
        if names.has_control(path):
            raise Refused(f"{file}: the name {shown(path)} in it contains a control character. {_MAKE_AGAIN}")
        if item.kind is not Kind.FOLDER:
            if path in files and not duplicates:
                raise Refused(f"{file} contains {shown(path)} twice. {_MAKE_AGAIN}")
            files.add(path)
            by_depth[len(parts)].append(replace(item, path=path))
            parts = parts[:-1]
        for depth in range(min(len(parts), limits.depth), 0, -1):
            folder = "/".join(parts[:depth])
            if folder in folders:
                break
            folders.add(folder)
            by_depth[depth].append(Item(folder, Kind.FOLDER, _nothing))
    for depth in range(1, min(max(by_depth, default=0), limits.depth) + 1):
        yield sorted(by_depth[depth], key=lambda item: item.path)


def _nothing(limit: int) -> bytes:
    return b""


@contextmanager
def _damage(file: str) -> Iterator[None]:
    """Around calls of the standard library's readers only: they meet damaged data with exceptions of every kind.

    Running out of memory or stack is never blamed on a submission.
    """
    try:
        yield
    except (Refused, MemoryError, RecursionError):
        raise
    except Exception as error:
        raise Refused(
            f"{file} is damaged or incomplete ({type(error).__name__}), perhaps by a broken upload. {_MAKE_AGAIN}"
        ) from error


def _too_many(file: str, limits: IntakeLimits) -> Refused:
    return Refused(f"{file} contains more than {limits.listed:,} files. Hand in only what the assignment asks for.")


def _zip_items(data: bytes, file: str, limits: IntakeLimits) -> Iterator[Item]:
    # At least as many as there are entries, and counted before an object is made for each of them.
    if data.count(b"PK\x01\x02") > limits.listed:
        raise _too_many(file, limits)
    with _damage(file):
        archive = zipfile.ZipFile(io.BytesIO(data))
        entries = archive.infolist()
    for entry in entries:
        name = name_in_zip(entry)
        mode = entry.external_attr >> 16
        kind = kind_of(mode) if stat.S_IFMT(mode) else Kind.FILE
        folder = name.endswith(("/", "\\"))
        yield Item(name, Kind.FOLDER if folder else kind, partial(_read_zipped, archive, entry, file))


def _read_zipped(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, file: str, limit: int) -> bytes:
    name = shown(name_in_zip(entry))
    if entry.flag_bits & 0x1:
        raise Refused(f"{name} in {file} is encrypted. Make the archive again without a password.")
    # The others are rare, and may demand gigabytes of memory before the first byte comes out.
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise Refused(f"{name} in {file} is compressed in an unusual way. Make an ordinary zip archive.")
    if entry.file_size > limit:  # what it says is enough to refuse it; what comes is counted anyway
        return bytes(limit + 1)
    with _damage(file), archive.open(entry) as stream:
        return stream.read(limit + 1)


def _unpacked(data: bytes, kind: str, file: str, limits: IntakeLimits, allowance: Allowance) -> bytearray:
    """A compressed tar without its compression. Stops as soon as there is too much of it."""
    unpacked = bytearray()
    with _damage(file):
        for chunk in _xz_chunks(data) if kind == "xz" else _chunks(data, kind):
            unpacked += chunk
            allowance.spend(len(chunk), file, limits)
    return unpacked


def _chunks(data: bytes, kind: str) -> Iterator[bytes]:
    with gzip.open(io.BytesIO(data)) if kind == "gzip" else bz2.open(io.BytesIO(data)) as stream:
        while chunk := stream.read(1 << 20):
            yield chunk


def _xz_chunks(data: bytes) -> Iterator[bytes]:
    decompressor = lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_XZ_MEMORY)
    yield decompressor.decompress(data, 1 << 20)
    while not decompressor.eof:
        chunk = decompressor.decompress(b"", 1 << 20)
        if not chunk and decompressor.needs_input:
            raise EOFError("the compressed data ends too early")
        yield chunk


def _tar_items(data: bytes | bytearray, file: str, limits: IntakeLimits) -> Iterator[Item]:
    """The members of a tar archive: old, ustar, GNU and pax. Sparse files are not ordinary files here."""
    at, headers, members, long_name = 0, 0, 0, None
    with _damage(file):
        if not _begins_tar(data):
            raise Refused(f"{file} holds no tar archive. {_MAKE_AGAIN}")
        while at < len(data) and any(data[at : at + BLOCK]):
            header = tarfile.TarInfo.frombuf(bytes(data[at : at + BLOCK]), "utf-8", "surrogateescape")
            at += BLOCK
            headers += 1
            if members > limits.listed or headers > 3 * limits.listed:
                raise _too_many(file, limits)
            has_data = (
                header.isreg() or header.type not in tarfile.SUPPORTED_TYPES or header.type in (*_PAX, *_LONG_NAMES)
            )
            size = header.size if has_data else 0
            if not 0 <= size <= len(data) - at:
                raise EOFError("a member that is longer than the archive")
            start, at = at, at + -(-size // BLOCK) * BLOCK
            if header.type in _PAX or header.type in _LONG_NAMES:
                long_name = _long_name(header.type, bytes(data[start : start + min(size, _LONG_NAME)])) or long_name
                continue
            name = header.name if long_name is None else long_name
            members += 1
            yield Item(name, _tar_kind(header), partial(_slice, data, start, size))
            long_name = None


def _begins_tar(data: bytes | bytearray) -> bool:
    try:
        tarfile.TarInfo.frombuf(bytes(data[:BLOCK]), "utf-8", "surrogateescape")
    except tarfile.HeaderError:
        return len(data) >= BLOCK and not any(data)  # nothing but the mark of the end: an archive without members
    return True


def _tar_kind(header: tarfile.TarInfo) -> Kind:
    if header.isdir():
        return Kind.FOLDER
    if header.issym() or header.islnk():
        return Kind.LINK
    return Kind.FILE if header.type in (tarfile.REGTYPE, tarfile.AREGTYPE, tarfile.CONTTYPE) else Kind.SPECIAL


def _long_name(kind: bytes, payload: bytes) -> str | None:
    """The name that an extra header gives to the member after it, if it gives one."""
    if kind == tarfile.GNUTYPE_LONGNAME:
        return payload.rstrip(b"\0").decode("utf-8", "surrogateescape")
    name = None
    at = 0
    while kind in (tarfile.XHDTYPE, tarfile.SOLARIS_XHDTYPE) and at < len(payload):
        # A record is "length key=value\n", and the length counts the whole of it.
        digits, _, _ = payload[at : at + 8].partition(b" ")
        length = int(digits)
        if not len(digits) < length <= len(payload) - at:
            raise ValueError("a pax record of impossible length")
        key, _, value = payload[at + len(digits) + 1 : at + length - 1].partition(b"=")
        if key == b"path":
            name = value.decode("utf-8", "surrogateescape")
        at += length
    return name


def _slice(data: bytes | bytearray, start: int, size: int, limit: int) -> bytes:
    return bytes(data[start : start + min(size, limit + 1)])
