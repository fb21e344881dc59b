"""The cells of a notebook file, whatever version it is of and however it was damaged. Outputs are not looked at."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from grader.intake.source import as_text, unresolved
from grader.intake.submission import IntakeLimits, Refused
from grader.text import clean_line

CLEAR = "Clear the outputs (Kernel > Restart Kernel and Clear Outputs of All Cells), save, and hand it in again."
_AGAIN = "Open it in Jupyter, check it, save it, and hand it in again."
_VERSION = 4
_NESTED = 200  # lists and objects within each other; honest notebooks have a dozen
_OURS = ("nbformat", "cells", "cell_type", "source", "metadata")
_TOKEN = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[][{}]', re.DOTALL)


@dataclass(frozen=True)
class Cell:
    """One cell, with what may tell which part of the homework it is."""

    number: int  # from 1, all cells counted, as one counts them in Jupyter
    kind: str  # "code", "markdown", "raw"
    source: str
    tags: tuple[str, ...] = ()
    id: str = ""
    grade_id: str = ""
    mark: Mapping[str, Any] = field(default_factory=dict)  # metadata.grader


def holds_notebook(data: bytes) -> bool:
    """Whether a file is a notebook, whatever its name says."""
    return data[:200].removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"{" and b'"nbformat"' in data


def cells_of(data: bytes, file: str, limits: IntakeLimits) -> tuple[list[Cell], list[str]]:
    """The cells, and notes. Raises `Refused` when `data` is no Python notebook that can be read."""
    notebook, notes = _parsed(data, file, limits)
    _check_kernel(notebook, file)
    version = notebook.get("nbformat", _VERSION)
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise Refused(f"{file} does not say which version of the notebook format it is in (nbformat). {_AGAIN}")
    if version > _VERSION:
        raise Refused(
            f"{file} is in version {version:.9g} of the notebook format, which is newer than the grader. "
            "Save it in version 4 and hand it in again."
        )
    raw = list(_raw_cells(notebook, version, file))
    if len(raw) > limits.notebook_cells:
        raise Refused(f"{file} has more than {limits.notebook_cells:,} cells. Hand in the notebook of the homework.")
    cells = [_cell(number, cell, file) for number, cell in enumerate(raw, 1)]
    if version < _VERSION:
        cells = _upgraded(cells, version, file)
        notes.append(f"{file} is in version {version} of the notebook format; it was converted to version {_VERSION}")
    if not cells:
        raise Refused(f"{file} has no cells. Check that you saved it, and hand it in again.")
    return cells, notes


def _parsed(data: bytes, file: str, limits: IntakeLimits) -> tuple[dict[str, Any], list[str]]:
    if len(data) > limits.notebook_bytes:
        raise Refused(f"{file} is larger than {limits.notebook_bytes:,} bytes. {CLEAR}")
    # Each becomes a Python object many times the size of its text.
    if data.count(b"[") + data.count(b"{") > limits.notebook_nodes:
        raise Refused(f"{file} holds more than {limits.notebook_nodes:,} lists and objects. {CLEAR}")
    text, notes = as_text(data, file, "a notebook")
    twice: set[str] = set()

    def made(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        one = dict(pairs)
        if len(one) < len(pairs):
            keys = [key for key, _ in pairs]
            twice.update(key for key in _OURS if keys.count(key) > 1)
        return one

    try:
        notebook = _loaded(text, made)
    except json.JSONDecodeError as error:
        if conflict := unresolved(text, file, _AGAIN):
            raise conflict from None
        raise Refused(
            f"{file} is not a notebook, or damaged: it is not valid JSON (line {error.lineno}, column {error.colno}: "
            f"{error.msg}). {_AGAIN}"
        ) from None
    except RecursionError:
        if not _nested_deeply(text):
            raise  # our own stack was full
        raise Refused(f"{file} holds lists within lists, more than {_NESTED} deep. {CLEAR}") from None
    if not isinstance(notebook, dict):
        raise Refused(f"{file} is not a notebook: it is a JSON {_kind(notebook)}, not an object. {_AGAIN}")
    if twice:
        keys = ", ".join(sorted(twice))
        notes.append(f"{file} says the same thing twice in one place ({keys}): the last counts, as in Jupyter")
    return notebook, notes


def _loaded(text: str, hook: Any) -> Any:
    try:
        return json.loads(text, object_pairs_hook=hook)
    except json.JSONDecodeError:
        raise
    except ValueError:  # an integer of thousands of digits: no number that means anything to us
        return json.loads(text, object_pairs_hook=hook, parse_int=lambda digits: int(digits[:20]))


def _nested_deeply(text: str) -> bool:
    depth = 0
    for token in _TOKEN.finditer(text):
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(token[0], 0)
        if depth > _NESTED:
            return True
    return False


def _check_kernel(notebook: Mapping[str, Any], file: str) -> None:
    metadata = _object(notebook.get("metadata"))
    told = (_object(metadata.get("language_info")).get("name"), _object(metadata.get("kernelspec")).get("language"))
    language = next((name for name in told if isinstance(name, str) and name), "python")
    if "python" not in language.lower():
        raise Refused(
            f"{file} is a notebook for {clean_line(language, 40)}, not for Python. "
            "Choose a Python kernel (Kernel > Change Kernel), run it, save it, and hand it in again."
        )


def _raw_cells(notebook: Mapping[str, Any], version: int, file: str) -> Iterator[Any]:
    if version in (2, 3):
        sheets = notebook.get("worksheets")
        if not isinstance(sheets, list):
            raise Refused(f"{file} has no worksheets, which its version of the format ({version}) asks for. {_AGAIN}")
        places = sheets
    else:
        places = [notebook]
    for place in places:
        cells = _object(place).get("cells")
        if not isinstance(cells, list):
            what = "has no cells" if cells is None else f"has a JSON {_kind(cells)} where its cells should be"
            raise Refused(f"{file} is not a notebook, or damaged: it {what}. {_AGAIN}")
        yield from cells


def _cell(number: int, raw: Any, file: str) -> Cell:
    if not isinstance(raw, dict):
        raise Refused(f"{file}: cell {number} is a JSON {_kind(raw)}, not a cell. {_AGAIN}")
    kind = raw.get("cell_type")
    if not isinstance(kind, str):
        raise Refused(f"{file}: cell {number} does not say of which type it is (cell_type). {_AGAIN}")
    sources = [raw[key] for key in ("source", "input", "code", "text") if key in raw]  # the last three in old versions
    source = sources[0] if sources else None
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        source = "".join(source)
    if not isinstance(source, str):
        raise Refused(f"{file}: the source of cell {number} is {_kind(source)}, not text. {_AGAIN}")
    metadata = _object(raw.get("metadata"))
    tags = metadata.get("tags")
    return Cell(
        number=number,
        kind=kind,
        source=source.replace("\r\n", "\n").replace("\r", "\n"),
        tags=tuple(tag.strip().lower() for tag in tags if isinstance(tag, str)) if isinstance(tags, list) else (),
        id=_word(raw.get("id")) or _word(metadata.get("id")),  # Colab keeps it in the metadata
        grade_id=_word(_object(metadata.get("nbgrader")).get("grade_id")),
        mark=_object(metadata.get("grader")),
    )


def _upgraded(cells: list[Cell], version: int, file: str) -> list[Cell]:
    """The cells of an old notebook, converted by nbformat; only what matters here is given to it."""
    from nbformat import converter, from_dict

    key = {"code": {1: "code"}.get(version, "input")}
    old = [
        {
            "cell_type": cell.kind,
            key.get(cell.kind, "text" if version == 1 else "source"): cell.source,
            "metadata": {"at": at},
            **({"language": "python", "outputs": [], "collapsed": False} if cell.kind == "code" else {}),
        }
        for at, cell in enumerate(cells)
    ]
    body = {"cells": old} if version == 1 else {"worksheets": [{"cells": old, "metadata": {}}], "metadata": {}}
    try:
        new = converter.convert(from_dict({"nbformat": version, "nbformat_minor": 0, **body}), _VERSION)
        return [_like(cells, number, cell) for number, cell in enumerate(new["cells"], 1)]
    except Exception as error:  # of whatever kind nbformat meets a strange cell with
        raise Refused(
            f"{file} is in version {version} of the notebook format and cannot be converted "
            f"({type(error).__name__}). {_AGAIN}"
        ) from None


def _like(cells: list[Cell], number: int, new: Mapping[str, Any]) -> Cell:
    """A converted cell with the marks of the old one, where the conversion kept the link."""
    at = new["metadata"].get("at")
    old = cells[at] if isinstance(at, int) else Cell(number, "", "")
    return Cell(number, new["cell_type"], new["source"], old.tags, old.id, old.grade_id, old.mark)


def _object(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _word(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _kind(value: Any) -> str:
    kinds = {dict: "object", list: "list", str: "text", bool: "truth value", int: "number", float: "number"}
    return kinds.get(type(value), "null")
