"""The files of a platform's download, a zip or a folder: their names and dates, and few of them read."""

from __future__ import annotations

import os
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from pathlib import Path, PurePosixPath

from grader.errors import CourseError
from grader.intake.folders import read_file
from grader.intake.names import is_skipped
from grader.intake.submission import Refused
from grader.intake.zip_names import name_in_zip

MOST_FILES, MOST_BYTES = 500_000, 50_000_000


@dataclass(frozen=True)
class Files:
    """Files by their paths, with their dates; `read` gives the bytes of one, or raises `CourseError`."""

    place: Path
    dates: Mapping[str, datetime]
    read: Callable[[str], bytes]


def of_zip(place: Path, zone: tzinfo) -> Files:
    """The files in a zip. Raises `CourseError`."""
    try:
        archive = zipfile.ZipFile(place)
    except OSError as error:
        raise CourseError(f"{place}: cannot be read ({error.strerror}).") from None
    except zipfile.BadZipFile:
        raise CourseError(
            f"{place}: is no zip. Name the download as it is, or the folder that it was unpacked to."
        ) from None
    inside = {name_in_zip(each): each for each in archive.infolist() if not each.is_dir()}
    _not_too_many(place, len(inside))

    def read(name: str) -> bytes:
        try:
            with archive.open(inside[name]) as file:
                return _small(f"{place}: {name}", file.read(MOST_BYTES + 1))
        except (OSError, RuntimeError, EOFError, zlib.error, zipfile.BadZipFile, NotImplementedError) as error:
            raise CourseError(f"{place}: {name}: cannot be read ({error}). Download it again.") from None

    return Files(place, {name: zipped_at(each, zone) for name, each in inside.items() if _counts(name)}, read)


def zipped_at(entry: zipfile.ZipInfo, zone: tzinfo) -> datetime:
    """The date of a file in a zip: to the second in UTC where that is noted, and else by a clock in the zone."""
    extra = entry.extra
    while len(extra) >= 4:
        kind, size = struct.unpack("<HH", extra[:4])
        if kind == 0x5455 and size >= 5 and len(extra) >= 9 and extra[4] & 1:
            return datetime.fromtimestamp(struct.unpack("<i", extra[5:9])[0], UTC)
        extra = extra[4 + size :]
    try:
        return datetime(*entry.date_time, tzinfo=zone)
    except ValueError:
        return datetime(1980, 1, 1, tzinfo=UTC)


def of_folder(place: Path) -> Files:
    """The files in a folder, at any depth. Raises `CourseError`."""

    def walked() -> Iterator[tuple[str, datetime]]:
        for folder, _, files in os.walk(place, onerror=_refuse):
            for name in files:
                path = Path(folder, name)
                yield path.relative_to(place).as_posix(), datetime.fromtimestamp(path.lstat().st_mtime, UTC)

    def read(name: str) -> bytes:
        try:
            return _small(str(place / name), read_file(place / name, MOST_BYTES))  # follows no link, waits for no pipe
        except Refused as refused:
            raise CourseError(f"{place / name}: {refused}") from None
        except OSError as error:
            raise CourseError(f"{place / name}: cannot be read ({error.strerror}).") from None

    try:
        dates = {name: at for name, at in walked() if _counts(name)}
    except OSError as error:
        raise CourseError(f"{place}: cannot be read ({error.strerror}).") from None
    _not_too_many(place, len(dates))
    return Files(place, dates, read)


def _refuse(error: OSError) -> None:
    raise error


def _small(name: str, content: bytes) -> bytes:
    if len(content) > MOST_BYTES:
        raise CourseError(f"{name}: is larger than {MOST_BYTES:,} bytes. Name a table with --times in its place.")
    return content


def _not_too_many(place: Path, count: int) -> None:
    if count > MOST_FILES:
        raise CourseError(
            f"{place}: holds {count:,} files, and {MOST_FILES:,} are read at most. Name a smaller download."
        )


def _counts(name: str) -> bool:
    return not any(is_skipped(part) for part in PurePosixPath(name).parts)
