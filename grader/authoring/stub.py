"""The stub of a reference module: what students complete."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Collection
from pathlib import Path

from grader.authoring.markers import MarkerError, Region, regions
from grader.errors import CourseError


def stub_of(source: str, file: Path, problems: Collection[str]) -> str:
    """The reference without its solutions. `problems` are the ids that docstrings may name.

    Docstrings, signatures, types, comments and formatting outside the regions stay; imports that only a solution used
    go. Raises `CourseError` that names the file and the line.
    """
    found = regions(source, str(file))
    if not found:
        raise MarkerError(str(file), 1, "nothing is marked as solution, so students would receive all of it.")
    lines = source.splitlines()
    for region in reversed(found):
        if region.stub is None and region.problem not in problems:
            raise MarkerError(
                str(file), region.begin, f"{region.function} is of problem {region.problem!r}; assignment.toml has "
                f"{', '.join(problems)}."
            )  # fmt: skip
        lines[region.begin - 1 : region.end] = _replacement(region)
    stub = "\n".join(lines) + "\n"
    try:
        compile(stub, str(file), "exec", dont_inherit=True)
    except SyntaxError as error:
        raise MarkerError(str(file), error.lineno or 1, f"the stub is not valid Python: {error.msg}.") from None
    stub = _ruff(stub, file, "check", "--quiet", "--exit-zero", "--isolated", "--select", "F401", "--fix")
    if _ruff(source, file, "format", "--quiet") == source:  # else its author formats by hand
        stub = _ruff(stub, file, "format", "--quiet")
    return stub


def _replacement(region: Region) -> list[str]:
    if region.stub is not None:
        return list(region.stub)
    return [f'{region.indent}raise NotImplementedError("Problem {region.problem}: {region.function}")']


def _ruff(source: str, file: Path, *arguments: str) -> str:
    """The source after a run of ruff, with the settings that govern `file`."""
    command = [sys.executable, "-m", "ruff", *arguments, "--stdin-filename", str(file), "-"]
    done = subprocess.run(command, input=source, capture_output=True, text=True, check=False)
    if done.returncode:
        raise CourseError(f"{file}: ruff failed: {done.stderr.strip()[-500:]} Is it installed? Run: make setup")
    return done.stdout
