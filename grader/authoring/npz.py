"""What a NumPy archive (.npz) says beside numbers."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator

import numpy as np

START = b"PK\x03\x04"


def texts_of(data: bytes) -> list[tuple[str, str]]:
    """The names of the arrays and each text in them: (where, text). Numbers are no text, unless their bytes are.

    Raises `ValueError` for what is no archive of plain arrays, and for what is in it beside them.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            if not data.startswith(START) or archive.comment or any(entry.comment or entry.extra for entry in entries):
                raise ValueError("the archive holds more than its arrays: a comment, or bytes before the first of them")
            if others := [entry.filename for entry in entries if not entry.filename.endswith(".npy")]:
                raise ValueError(f"the archive holds {others[0]!r}, which is no array")
        with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
            return [line for name in arrays.files for line in _texts(name, arrays[name])]
    except (zipfile.BadZipFile, EOFError, OSError, NotImplementedError, RuntimeError) as error:
        raise ValueError(f"it is no archive of arrays ({error})") from None


def _texts(name: str, array: np.ndarray) -> Iterator[tuple[str, str]]:
    where = f"array {name!r}"
    yield where, name
    if array.dtype.kind in "US":
        for value in array.ravel().tolist():
            yield where, value if isinstance(value, str) else value.decode("utf-8", "replace")
    elif array.dtype.kind not in "biufc":
        raise ValueError(f"{where} is of type {array.dtype}, which is neither numbers nor text")
    else:
        yield from ((where, line) for line in _as_text(array.tobytes()).splitlines())


def _as_text(data: bytes) -> str:
    """Bytes that somebody may have hidden a text in, as that text; nothing for others."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return ""
    return text if all(char.isprintable() or char.isspace() for char in text) else ""
