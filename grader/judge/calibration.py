"""`calibration.json`: the bounds of a homework's calibrated checks, with the evidence they come from.

`make calibrate` writes the file; a judge reads bounds out of it, and refuses one that is out of date.
"""

from __future__ import annotations

import ast
import hashlib
import io
import tokenize
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from grader.course.assignment import Assignment, digest_of, read_text
from grader.errors import CourseError
from grader.judge.result import Better, Within

NAME = "calibration.json"
Strict = ConfigDict(frozen=True, extra="forbid")
Values = tuple[float | None, ...]  # one a run; None where the metric was no finite number


class Fit(BaseModel):
    """What one model makes of right values, on the scale that has no ends and on which small is bad.

    `p_value` is of a test whether the model fits, `at` the bound that this model alone would set.
    """

    model_config = Strict
    model: Literal["normal", "tail", "counted"]
    of: str  # whose values: "all right solutions", or one that differs from the others
    count: int
    parameters: dict[str, float]
    p_value: float
    at: float


class Metric(BaseModel):
    """One metric of a check: its bound, how that was found, and every value that was seen."""

    model_config = Strict
    better: Better
    within: Within
    bound: float
    fits: tuple[Fit, ...]
    baseline: Values = ()  # of the reference's runs, where the check names a baseline
    right: dict[str, Values]
    wrong: dict[str, Values]


class Caught(BaseModel):
    """How often one check catches a mutant: counted over `runs`, and by the fit of its values.

    `also_by` are the other checks that catch it in an ordinary grading.
    """

    model_config = Strict
    runs: int
    caught: int
    by_fit: float
    also_by: tuple[str, ...] = ()


class CheckCalibration(BaseModel):
    """One check. A right solution fails one attempt at it with a probability below `may_fail`."""

    model_config = Strict
    file: str
    may_fail: float
    confidence: float
    metrics: dict[str, Metric]
    caught: dict[str, Caught]
    like_the_reference: tuple[str, ...]  # give the reference's very numbers on the same seeds
    not_measured: dict[str, str]  # mutants that end the check before it has a metric, and how


class Calibration(BaseModel):
    """The whole file. A judge compares `depends` with the files of today; `mutants` matter to `verify` alone."""

    model_config = Strict
    schema_version: Literal[1] = 1
    note: str = "By `make calibrate`; see calibration.md."
    made_with: dict[str, str]
    depends: dict[str, str]
    mutants: dict[str, str]
    checks: dict[str, CheckCalibration]


def read_calibration(assignment: Assignment) -> Calibration:
    """Raises `CourseError` when there is none, or none of ours."""
    path = assignment.solution / NAME
    again = f"Run: make calibrate HW={assignment.short}"
    if not path.is_file():
        raise CourseError(f"{path}: is missing, and a check asks for a calibrated bound. {again}")
    try:
        return Calibration.model_validate_json(read_text(path))
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"])) or "the file"
        raise CourseError(f"{path}: {place}: {first['msg']}. {again}") from None


def changed(calibration: Calibration, now: Mapping[str, str], file: str) -> list[str]:
    """What a check in `file` depends on that is not as it was when the bounds were set."""
    others = {name for name in {*now, *calibration.depends} if name.startswith("checks/test_") and name != file}
    names = sorted({*now, *calibration.depends} - others)
    return [name for name in names if now.get(name) != calibration.depends.get(name)]


def depends(assignment: Assignment) -> dict[str, str]:
    """What the right solutions' metrics depend on: file or library -> digest or version.

    These are the reference, the alternatives, the probes, the checks and their data, the files of the handout that
    the checks name (such as a generator of data), the code and the data of a shared folder that one of these names,
    preloaded models, and the minor versions of PyTorch and NumPy, where defaults change. Mutants are not among them:
    they say what a bound is worth, and do not move it. Of Python files the code counts: a comment or a docstring may be
    mended without measuring again.
    """
    solution, handed_out = assignment.solution, assignment.folder
    checks = sorted((solution / "checks").glob("*.py"))
    texts = "\n".join(read_text(path) for path in checks)
    named = [path for path in sorted(handed_out.glob("*.py")) if f'"{path.name}"' in texts]
    texts += "\n".join(read_text(path) for path in named)
    preloaded = {path.parent for path in assignment.preload_files}
    shared = {
        f"{path.parent.name}/{path.name}": path
        for path in assignment.shared_files
        if path.parent in preloaded or any(f'"{path.parent.name}{end}"' in texts for end in ("", ".py"))
    }
    files = {
        **{name: path for name, path in shared.items() if path.suffix == ".py"},
        **{path.name: path for path in named},
        **{name: solution / name for name in assignment.modules},
        "probes.py": handed_out / "probes.py",
        **{f"checks/{path.name}": path for path in checks},
        **{f"alternatives/{path.name}": path for path in sorted((solution / "alternatives").glob("*.py"))},
    }
    found = {name: code_digest(read_text(path)) for name, path in files.items()}
    found |= {name: digest_of(path) for name, path in shared.items() if name not in files}
    found |= {f"checks/{path.name}": digest_of(path) for path in sorted((solution / "checks").glob("*.npz"))}
    found |= assignment.preload.digests() if assignment.preload else {}
    return {**found, **{library: ".".join(version(library).split(".")[:2]) for library in ("torch", "numpy")}}


@cache
def code_digest(source: str) -> str:
    """Names a module by what it does, without comments, docstrings, empty lines and the words of a check's hints."""
    tree, lines = ast.parse(source), source.split("\n")
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    cut = [(token.start, token.end, "") for token in tokens if token.type == tokenize.COMMENT]
    cut += [(*_span(node, lines), "") for node in _docstrings(tree)]
    cut += [(*_span(node, lines), "hint") for node in _hints(tree)]
    for (first_row, begin), (last_row, end), instead in sorted(cut, reverse=True):
        lines[first_row - 1 : last_row] = [lines[first_row - 1][:begin] + instead + lines[last_row - 1][end:]]
    code = [line for line in map(str.rstrip, lines) if line]
    return hashlib.sha256("\n".join(code).encode()).hexdigest()[:16]


def _span(node: ast.AST, lines: list[str]) -> tuple[tuple[int, int], tuple[int, int]]:
    """Row and column of its first character and behind its last one, as tokens have them."""

    def point(row: int, utf8: int) -> tuple[int, int]:
        return row, len(lines[row - 1].encode()[:utf8].decode())

    assert isinstance(node, (ast.expr, ast.stmt, ast.keyword))
    return point(node.lineno, node.col_offset), point(node.end_lineno or 0, node.end_col_offset or 0)


def _docstrings(tree: ast.Module) -> Iterator[ast.AST]:
    for node in ast.walk(tree):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            first = node.body[0] if node.body else None
            if isinstance(first, ast.Expr) and _is_text(first.value):
                yield first


def _hints(tree: ast.Module) -> Iterator[ast.AST]:
    """`hint="..."` in a call and `hint = "..."` on a line of its own, where nothing is computed in it.

    Of modules that import from the grader, as checks do. Elsewhere, in a solution or a probe, a name says nothing.
    """
    nodes = list(ast.walk(tree))
    if not any(isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "grader" for node in nodes):
        return
    for node in nodes:
        if isinstance(node, ast.keyword):
            names: list[str | None] = [node.arg]
        elif isinstance(node, ast.Assign):
            names = [ast.unparse(target) for target in node.targets]
        else:
            continue
        if names == ["hint"] and _is_text(node.value):
            yield node


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


@dataclass(frozen=True)
class CheckBounds:
    """The stored bounds of one check."""

    check: str
    calibration: CheckCalibration
    again: str

    def bound(self, metric: str, better: Better, within: Within) -> float:
        """Raises `CourseError` for a metric that was not calibrated as it is declared now."""
        known = self.calibration.metrics.get(metric)
        if known is None or (known.better, known.within) != (better, within):
            raise CourseError(f"{self.check}: no bound was calibrated for {metric!r} as it is declared. {self.again}")
        return known.bound


class CurrentCalibration:
    """The calibration of a homework, read and compared with the files of today when it is first asked for."""

    def __init__(self, assignment: Assignment) -> None:
        self._assignment = assignment
        self._read: tuple[Calibration, dict[str, str]] | None = None

    def of(self, check: str, file: Path) -> CheckBounds:
        """The bounds of one check. Raises `CourseError` where there are none, or where they are stale."""
        again = f"Run: make calibrate HW={self._assignment.short}"
        self._read = self._read or (read_calibration(self._assignment), depends(self._assignment))
        calibration, now = self._read
        if check not in calibration.checks:
            raise CourseError(f"{self._assignment.solution / NAME}: has no bounds for {check}. {again}")
        if old := changed(calibration, now, f"checks/{file.name}"):
            raise CourseError(
                f"{self._assignment.solution / NAME}: is stale: {', '.join(old)} changed since the bounds of {check} "
                f"were set. {again}"
            )
        return CheckBounds(check, calibration.checks[check], again)
