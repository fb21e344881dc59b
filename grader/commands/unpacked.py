"""A platform's download as it is, a zip: its files are laid out beside the results, and that folder is graded.

Only the outer zip is unpacked. What students packed stays packed, and is read under the limits of the intake.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import stat
import tempfile
import time
import zipfile
import zlib
from collections.abc import Iterator
from datetime import UTC, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from grader.book.downloads import zipped_at
from grader.book.policy import policy_of
from grader.course.assignment import Course
from grader.errors import IntakeError
from grader.intake.names import (
    ARCHIVE_SUFFIXES,
    FOREIGN_ARCHIVE_SUFFIXES,
    escape_attempt,
    has_control,
    is_skipped,
    shown,
    too_long,
)
from grader.intake.submission import IntakeLimits
from grader.intake.zip_names import name_in_zip

MOST_FILES, MOST_BYTES = 500_000, 20_000_000_000  # chosen, not measured: more than any class hands in
PIECE = 1 << 20
UNPACKING, ABANDONED_S = ".unpacking-", 24 * 3600  # no run unpacks for a day: what is older was left by one that died
LIMITS = IntakeLimits()
BY_HAND = "Unpack it by hand, and give the folder."
_DAMAGED = (EOFError, zlib.error, zipfile.BadZipFile)
_UNFIT = (OSError, RuntimeError, ValueError)  # a full disk, a password, names that no folder can hold, ...


def class_of(course: Course, submissions: Path) -> Path:
    """The folder of a class, as `class_folder` has it, with files' dates by a clock of the course."""
    if not submissions.is_file():
        return submissions
    zone = ZoneInfo(policy_of(course).zone) if course.book else UTC
    return class_folder(submissions, course.folder / "results" / "downloads", zone)


def class_folder(submissions: Path, downloads: Path, zone: tzinfo = UTC) -> Path:
    """The folder of a class: `submissions` itself, or what a zip there holds, laid out below `downloads`.

    The same zip is laid out once. Raises `IntakeError` for one that cannot be.
    """
    if not submissions.is_file():
        return submissions
    if not zipfile.is_zipfile(submissions):
        _refuse_archive(submissions)
        return submissions
    try:
        folder = downloads / f"{submissions.stem}-{_digest(submissions)}"
        if not folder.is_dir():
            downloads.mkdir(parents=True, exist_ok=True)
            _remove_abandoned(downloads)
            _lay_out(submissions, folder, zone)
    except _DAMAGED as error:
        raise IntakeError(f"{submissions}: is damaged ({error}). Download it again.") from None
    except _UNFIT as error:
        raise IntakeError(f"{submissions}: cannot be unpacked ({error}). {BY_HAND}") from None
    return folder


def _refuse_archive(submissions: Path) -> None:
    name = submissions.name.lower()
    if name.endswith(".zip"):
        raise IntakeError(f"{submissions}: is no zip, or an incomplete one. Download it again.")
    if name.endswith((*ARCHIVE_SUFFIXES, *FOREIGN_ARCHIVE_SUFFIXES)):
        raise IntakeError(f"{submissions}: only a zip is read as it is. {BY_HAND}")


def _remove_abandoned(downloads: Path) -> None:
    for place in downloads.glob(f"{UNPACKING}*"):
        with contextlib.suppress(FileNotFoundError):  # another run removed it
            if time.time() - place.stat().st_mtime > ABANDONED_S:
                shutil.rmtree(place, ignore_errors=True)


def _lay_out(submissions: Path, folder: Path, zone: tzinfo) -> None:
    """All or nothing: `folder` is there once it is complete, whoever else lays it out at the same time."""
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=UNPACKING) as temporary:
        place = Path(temporary, "class")
        place.mkdir()
        with zipfile.ZipFile(submissions) as archive:
            _unpack(archive, submissions, place, zone)
        try:
            os.replace(place, folder)
        except OSError:
            if not folder.is_dir():
                raise


def _unpack(archive: zipfile.ZipFile, zip_path: Path, place: Path, zone: tzinfo) -> None:
    seen, left = set[str](), MOST_BYTES
    entries = list(_entries(archive, zip_path))
    if not entries:
        raise IntakeError(f"{zip_path}: holds no files of a class. Download the submissions again.")
    if len(entries) > MOST_FILES:
        raise IntakeError(f"{zip_path}: holds {len(entries):,} files, and {MOST_FILES:,} are read at most. {BY_HAND}")
    for entry, name in entries:
        target = place / name
        if _is_folder(entry):
            target.mkdir(parents=True, exist_ok=True)
            continue
        if name in seen:
            raise IntakeError(f"{zip_path}: holds {shown(name)} twice. {BY_HAND}")
        seen.add(name)
        target.parent.mkdir(parents=True, exist_ok=True)
        with archive.open(entry) as source, target.open("xb") as file:
            while piece := source.read(PIECE):
                left -= len(piece)
                if left < 0:
                    raise IntakeError(f"{zip_path}: holds more than {MOST_BYTES:,} bytes. {BY_HAND}")
                file.write(piece)
        at = zipped_at(entry, zone).timestamp()
        os.utime(target, (at, at))


def _entries(archive: zipfile.ZipFile, zip_path: Path) -> Iterator[tuple[zipfile.ZipInfo, str]]:
    """The files and folders that may be laid out, with their paths.

    A link is none: reading it would read a file of ours.
    """
    links = 0
    for entry in archive.infolist():
        name = name_in_zip(entry).replace("\\", "/")
        why = escape_attempt(name) or too_long(name, LIMITS.name_bytes, LIMITS.path_bytes)
        if why or has_control(name):
            raise IntakeError(f"{zip_path}: the name {shown(name)} {why or 'contains a control character'}. {BY_HAND}")
        parts = [part for part in name.split("/") if part not in ("", ".")]
        if not parts or is_skipped(parts[0]):
            continue
        if stat.S_ISLNK(entry.external_attr >> 16):
            links += 1
            continue
        # The others are rare, and may demand gigabytes of memory before the first byte comes out.
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise IntakeError(f"{zip_path}: {shown(name)} is compressed in an unusual way. {BY_HAND}")
        yield entry, "/".join(parts)
    if links:
        click.echo(f"{zip_path}: {links:,} links in it are left out.", err=True)


def _is_folder(entry: zipfile.ZipInfo) -> bool:
    return name_in_zip(entry).endswith(("/", "\\"))


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:12]
