"""Results as files, one JSON a submission. Each is written whole or not at all."""

from __future__ import annotations

import json
from pathlib import Path

from pydantic import ValidationError

from grader.atomic import write_durably
from grader.errors import CourseError
from grader.judge.result import SCHEMA, Result
from grader.text import clean

NOT_GRADED = "not_graded"
# What begins a formula in a spreadsheet; some take the wide forms for the same.
_FORMULA = tuple("=+-@\t\n＝＋－＠")


def write_result(folder: Path, result: Result) -> Path:
    """Writes `<folder>/<submission>.json` and returns its path. It is on the disk then, whatever comes.

    A result with a `grader_error` goes to `<folder>/not_graded/`: it must not replace a grade of an earlier run.
    """
    ungraded = folder / NOT_GRADED / f"{result.submission}.json"
    path = path_of(folder, result)
    write_durably(path, content_of(result))
    if path != ungraded:
        ungraded.unlink(missing_ok=True)
    return path


def path_of(folder: Path, result: Result) -> Path:
    """Where `write_result` puts a result."""
    return (folder / NOT_GRADED if result.verdict == "grader_error" else folder) / f"{result.submission}.json"


def content_of(result: Result) -> bytes:
    """What `write_result` writes."""
    return (result.model_dump_json(indent=1) + "\n").encode()


def read_result(path: Path) -> Result:
    """A result file. Raises `CourseError` when it cannot be read or has another schema."""
    try:
        content = path.read_bytes()
        schema = json.loads(content).get("schema_version")
        if schema != SCHEMA:
            raise CourseError(f"{path}: has schema_version {schema!r}; this grader reads {SCHEMA}. Grade it again.")
        return Result.model_validate_json(content)
    except OSError as error:
        raise CourseError(f"{path}: cannot be read ({error.strerror}).") from None
    except ValidationError as error:
        first = error.errors()[0]
        raise CourseError(
            f"{path}: is not a result of this grader: {'.'.join(map(str, first['loc']))}: {first['msg']}."
        ) from None
    except (ValueError, AttributeError, RecursionError):
        raise CourseError(f"{path}: is not a result of this grader: it holds no JSON object.") from None


def inert(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula, and no reader of CSV for the end of a row."""
    shown = clean(cell, 8000)
    return f"'{shown}" if shown.startswith(_FORMULA) else shown
