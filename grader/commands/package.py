"""The zip that a student hands in: the same bytes for the same work, written whole or not at all."""

from __future__ import annotations

import io
import json
import os
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

from grader.errors import GraderError
from grader.intake import IntakeLimits

MARK = "A hand-in of "  # the zip's comment, by which an earlier one is known again
DATE = (1980, 1, 1, 0, 0, 0)
LIMIT = IntakeLimits().archive_bytes
BULK = 20_000_000


def earlier_hand_in(path: Path, homework: str) -> bool:
    """Whether `path` is an earlier hand-in of this homework, which may be replaced. Raises `GraderError` if it is
    anything else that is there, or if no zip can be written there."""
    if path.suffix.lower() != ".zip":
        raise GraderError(f"{path}: what you hand in is a zip. Give it a name that ends in .zip.")
    if not path.exists() and not path.is_symlink():
        return False
    try:
        with zipfile.ZipFile(path) as archive:
            comment = archive.comment.decode("utf-8", "replace")
    except (OSError, zipfile.BadZipFile):
        comment = ""
    if comment == MARK + homework:
        return True
    other = comment.startswith(MARK)
    what = f"is your hand-in of {comment.removeprefix(MARK)}" if other else "was not made by this"
    raise GraderError(f"{path} is there already, and {what}. Move it away, or choose another name with --out.")


def packed(contents: Mapping[str, bytes], homework: str) -> bytes:
    """The zip of these files (name -> content). Raises `GraderError` when it is larger than the grader accepts."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.comment = (MARK + homework).encode()
        for name in sorted(contents):
            entry = zipfile.ZipInfo(name, DATE)
            entry.create_system, entry.external_attr = 3, 0o644 << 16  # an ordinary file, on whatever system
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, contents[name])
    if len(data.getvalue()) > LIMIT:
        largest = max(contents, key=lambda name: len(contents[name]))
        raise GraderError(
            f"What you hand in would be larger than {size(LIMIT)}. The largest file is {largest} "
            f"({size(len(contents[largest]))}): make it smaller."
        )
    return data.getvalue()


def without_bulk(notebook: bytes) -> bytes:
    """A notebook as it is, but a huge one without its outputs: those who grade by hand like to see them."""
    if len(notebook) <= BULK:
        return notebook
    content = json.loads(notebook)
    for cell in content["cells"]:
        if cell["cell_type"] == "code":
            cell.update(outputs=[], execution_count=None)
    return (json.dumps(content, indent=1, ensure_ascii=False) + "\n").encode()


def write(path: Path, data: bytes, *, accepted: Callable[[Path], bool]) -> None:
    """Writes the zip once `accepted` has read it and found what was meant. Raises `GraderError`."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=".hand-in-") as place:
            draft = Path(place) / path.name
            draft.write_bytes(data)
            if not accepted(draft):
                raise GraderError(
                    f"{path} was not written: read back as the grader reads it, it is not what you have written. "
                    "This is our mistake, not yours: please tell those who keep the course."
                )
            os.replace(draft, path)
    except OSError as error:
        raise GraderError(f"{path}: cannot be written ({error.strerror}). Choose another name with --out.") from None


def size(count: int) -> str:
    """Bytes for people."""
    return f"{count} bytes" if count < 1000 else f"{count / 1000:.1f} kB" if count < 1e6 else f"{count / 1e6:.1f} MB"
