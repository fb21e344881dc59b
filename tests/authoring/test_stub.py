"""Stubs: what students receive of a reference."""

import subprocess
import sys
from pathlib import Path

import pytest

from grader.authoring.markers import MarkerError
from grader.authoring.stub import stub_of

SOURCE = '''\
"""A module."""

from __future__ import annotations

import math
from collections.abc import (
    Iterable,
    Sequence,
)
from itertools import chain, pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fractions import Fraction

EPSILON = 1e-8  # students may use it


def steps(values: Sequence[float], start: Fraction | None = None) -> list[float]:
    """Problem 1. The differences of neighbours.

    Raises ValueError for fewer than two `values`.
    """
    # This comment is for the students.
    ### BEGIN SOLUTION
    if len(values) < 2:
        raise ValueError("too few")
    return [b - a for a, b in pairwise(values)]
    ### END SOLUTION


### BEGIN SOLUTION
### STUB:
def _flat(nested):
    return list(chain.from_iterable(nested))


### END SOLUTION
class Shape:
    """Problem 2. A shape."""

    def area(self, radius: float) -> float:
        """Problem 2. Its area."""
        ### BEGIN SOLUTION
        ### STUB: area = ...  # pi r^2
        ### STUB:
        ### STUB: return area
        return math.pi * radius**2
        ### END SOLUTION
'''

STUB = '''\
"""A module."""

from __future__ import annotations

from collections.abc import (
    Sequence,
)
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fractions import Fraction

EPSILON = 1e-8  # students may use it


def steps(values: Sequence[float], start: Fraction | None = None) -> list[float]:
    """Problem 1. The differences of neighbours.

    Raises ValueError for fewer than two `values`.
    """
    # This comment is for the students.
    raise NotImplementedError("Problem 1: steps")


class Shape:
    """Problem 2. A shape."""

    def area(self, radius: float) -> float:
        """Problem 2. Its area."""
        area = ...  # pi r^2

        return area
'''


def test_a_stub_keeps_what_is_for_students_and_drops_what_only_the_solution_used(tmp_path: Path) -> None:
    assert stub_of(SOURCE, tmp_path / "module.py", ["1", "2"]) == STUB


def test_a_stub_passes_the_linter_and_can_be_imported(tmp_path: Path) -> None:
    (tmp_path / "module.py").write_text(stub_of(SOURCE, tmp_path / "module.py", ["1", "2"]))
    lint = [sys.executable, "-m", "ruff", "check", "--isolated", "--select", "E,F,W", "module.py"]
    for command in (lint, [sys.executable, "-c", "import module; module.Shape().area(1)"]):
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


def test_formatting_by_hand_stays(tmp_path: Path) -> None:
    source = "TABLE = [1,0,\n         0,1]\n\ndef f(x):\n    '''Problem 1. F.'''\n" + (
        "    ### BEGIN SOLUTION\n    return x\n    ### END SOLUTION\n"
    )
    stub = stub_of(source, tmp_path / "module.py", ["1"])
    assert stub.startswith("TABLE = [1,0,\n         0,1]\n\ndef f(x):\n    '''Problem 1. F.'''\n    raise Not")


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("def f(x):\n    return x\n", "module.py, line 1: nothing is marked as solution"),
        (SOURCE.replace("Problem 1.", "Problem 9."), "steps is of problem '9'; assignment.toml has 1, 2."),
        (SOURCE.replace("### STUB: return area", "### STUB: return area)"), "the stub is not valid Python"),
    ],
)
def test_what_makes_no_stub_is_an_error_that_names_the_place(tmp_path: Path, source: str, words: str) -> None:
    with pytest.raises(MarkerError, match=r"the stub|is marked|is of problem") as raised:
        stub_of(source, tmp_path / "module.py", ["1", "2"])
    assert words in str(raised.value)
