"""Whether a worker would grade as this process does: the same grader, libraries and kind of processor."""

from __future__ import annotations

import hashlib
import platform
import re
from collections.abc import Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

from grader.proof.deciding import OURSELVES, kind_of_processor

PACKAGE = Path(__file__).parents[1]
GRADER, PROCESSOR, PYTHON = "the grader's files", "the kind of processor", "python"


@cache
def likeness() -> dict[str, str]:
    """What must be the same on all machines of a run, by name."""
    names = {re.split(r"[^\w.-]", each, maxsplit=1)[0] for each in requires(OURSELVES) or () if "extra ==" not in each}
    return {
        GRADER: _digest(),
        PYTHON: ".".join(platform.python_version_tuple()[:2]),
        **{name: _version(name) for name in sorted(names)},
        PROCESSOR: kind_of_processor(),
    }


def difference(theirs: Mapping[str, str], ours: Mapping[str, str]) -> str:
    """What differs first, or "". `theirs` is who asks, `ours` who answers."""
    for name in {**theirs, **ours}:
        if theirs.get(name) != ours.get(name):
            told = f"has {name} {ours.get(name, 'none')}, and this run {theirs.get(name, 'none')}"
            if name == PROCESSOR:
                return f"{told}. Start the run on a machine of the workers' kind, and use workers of one kind"
            what = "Install the same commit there" if name == GRADER else "Install with -c constraints.txt on both"
            return f"{told}. {what}, then start the workers again"
    return ""


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "none"


def _digest() -> str:
    whole = hashlib.sha256()
    for path in sorted(PACKAGE.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            for part in (path.relative_to(PACKAGE).as_posix().encode(), path.read_bytes()):
                whole.update(len(part).to_bytes(8, "little") + part)
    return whole.hexdigest()[:16]
