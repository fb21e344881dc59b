"""Results as files: one JSON a submission, one CSV a class. Each is written whole or not at all."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from pydantic import ValidationError

from grader.atomic import write_atomically
from grader.course.points import decimal
from grader.errors import CourseError
from grader.judge.result import SCHEMA, Result
from grader.text import clean

NOT_GRADED = "not_graded"
NOT_REACHED = "this run ended before its turn"
# What begins a formula in a spreadsheet; some take the wide forms for the same.
_FORMULA = tuple("=+-@\t\n＝＋－＠")


def write_result(folder: Path, result: Result) -> Path:
    """Writes `<folder>/<submission>.json` and returns its path.

    A result with a `grader_error` goes to `<folder>/not_graded/`: it must not replace a grade of an earlier run.
    """
    ungraded = folder / NOT_GRADED / f"{result.submission}.json"
    path = path_of(folder, result)
    write_atomically(path, content_of(result))
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


def write_class(path: Path, results: Iterable[Result], waiting: Iterable[str] = ()) -> None:
    """The class as CSV: a row a submission, in the order of their names, points as decimals.

    `waiting` are submissions that the run did not come to. The row of such a one tells its grade of an earlier run,
    where the folder holds that.
    """
    now = {result.submission: result for result in results}
    earlier = {name: _earlier(path.parent / f"{name}.json") for name in waiting}
    rows = sorted([*now.values(), *(result for result in earlier.values() if result)], key=lambda it: it.submission)
    ids = [problem.id for problem in rows[0].problems if problem.kind == "code"] if rows else []
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["submission", "verdict", "points", "max_points", *(f"problem {id}" for id in ids), "remark"])
    for name in sorted(name for name, result in earlier.items() if result is None):
        writer.writerow([inert(name), *[""] * (3 + len(ids)), NOT_REACHED])
    for result in rows:
        by_id = {problem.id: problem.points for problem in result.problems if problem.points is not None}
        ungraded = result.verdict == "grader_error"
        points = ["" if ungraded else decimal(result.points), decimal(result.max_points)]
        each = ["" if ungraded else decimal(by_id[id]) for id in ids]
        writer.writerow([*map(inert, [result.submission, result.verdict]), *points, *each, inert(_remark(result, now))])
    write_atomically(path, text.getvalue().encode())


def _earlier(path: Path) -> Result | None:
    """The result of an earlier run."""
    try:
        return read_result(path)
    except CourseError:
        return None


def _remark(result: Result, now: Mapping[str, Result]) -> str:
    earlier = f"{NOT_REACHED}; this grade is of an earlier run, of {result.graded_at}. "
    return remark(result) if result.submission in now else f"{earlier}{remark(result)}".rstrip()


def remark(result: Result) -> str:
    """What a TA should know of a submission besides its points."""
    if result.problem:
        return result.problem
    if result.verdict == "grader_error":
        return f"not graded, by a mistake of ours: see {NOT_GRADED}/{result.submission}.json"
    return ""


def inert(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula, and no reader of CSV for the end of a row."""
    shown = clean(cell, 8000)
    return f"'{shown}" if shown.startswith(_FORMULA) else shown
