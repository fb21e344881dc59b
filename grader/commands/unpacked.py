"""A platform's download as it is, a zip: its files are laid out beside the results, and that folder is graded.

Only the outer zip is unpacked. What students packed stays packed, and is read under the limits of the intake.
"""

from __future__ import annotations

import hashlib
import os
import stat
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from grader.errors import IntakeError
from grader.intake.names import escape_attempt, has_control, is_skipped, shown

MOST_FILES, MOST_BYTES = 500_000, 20_000_000_000
PIECE = 1 << 20
_DAMAGED = (OSError, RuntimeError, EOFError, NotImplementedError, zlib.error, zipfile.BadZipFile)


def class_folder(submissions: Path, downloads: Path) -> Path:
    """The folder of a class: `submissions` itself, or what a zip there holds, laid out below `downloads`.

    The same zip is laid out once. Raises `IntakeError` for one that cannot be.
    """
    if not submissions.is_file() or not zipfile.is_zipfile(submissions):
        return submissions
    folder = downloads / f"{submissions.stem}-{_digest(submissions)}"
    if folder.is_dir():
        return folder
    try:
        downloads.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=downloads, prefix=".unpacking-") as temporary:
            place = Path(temporary, "class")
            place.mkdir()
            with zipfile.ZipFile(submissions) as archive:
                _unpack(archive, submissions, place)
            os.replace(place, folder)
    except _DAMAGED as error:
        raise IntakeError(f"{submissions}: cannot be unpacked ({error}). Download it again.") from None
    return folder


def _unpack(archive: zipfile.ZipFile, zip_path: Path, place: Path) -> None:
    seen, left = set[str](), MOST_BYTES
    entries = list(_entries(archive, zip_path))
    if len(entries) > MOST_FILES:
        raise IntakeError(f"{zip_path}: holds {len(entries):,} files, and {MOST_FILES:,} are read at most.")
    for entry, name in entries:
        if name in seen:
            raise IntakeError(f"{zip_path}: holds {shown(name)} twice. Unpack it by hand, and give the folder.")
        seen.add(name)
        target = place / name
        target.parent.mkdir(parents=True, exist_ok=True)
        with archive.open(entry) as source, target.open("xb") as file:
            while piece := source.read(PIECE):
                left -= len(piece)
                if left < 0:
                    raise IntakeError(f"{zip_path}: holds more than {MOST_BYTES:,} bytes. Unpack it by hand.")
                file.write(piece)


def _entries(archive: zipfile.ZipFile, zip_path: Path) -> Iterator[tuple[zipfile.ZipInfo, str]]:
    """The files that may be laid out, with their paths. A link is none: reading it would read a file of ours."""
    for entry in archive.infolist():
        name = entry.filename.replace("\\", "/")
        if (why := escape_attempt(name)) or has_control(name):
            raise IntakeError(
                f"{zip_path}: the name {shown(name)} {why or 'contains a control character'}. Unpack it by hand, "
                "and give the folder."
            )
        link = stat.S_ISLNK(entry.external_attr >> 16)
        if not (link or name.endswith("/") or is_skipped(name.split("/")[0])):
            yield entry, name


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:12]
