"""What is generated here would be current on another machine too, where the last digits of a number differ."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from grader.commands.record import recorded
from grader.course.assignment import Assignment, load_course

# PyTorch and NumPy without the wide instructions of this processor, and matrix products as on the oldest x86.
ANOTHER = {
    "ATEN_CPU_CAPABILITY": "default",
    "MKL_CBWR": "COMPATIBLE",
    "NPY_DISABLE_CPU_FEATURES": " ".join(np.show_config(mode="dicts")["SIMD Extensions"]["found"]),
    **({"OPENBLAS_CORETYPE": "Prescott"} if platform.machine() == "x86_64" else {}),
}
ASKED_THERE = """
import json, sys
from pathlib import Path
import torch
from grader.commands.build import stale
from grader.commands.record import recorded
from grader.course.assignment import load_course

course = load_course(Path(sys.argv[1]))
found = {}
for name in course.names():
    assignment = course.assignment(name)
    found[name] = [recorded(assignment).text(), {str(path): why for path, why in stale(assignment).items()}]
print(json.dumps([torch.backends.cpu.get_cpu_capability(), found]))
"""
Found = tuple[str, dict[str, tuple[str, dict[str, str]]]]


@pytest.fixture(scope="module")
def there() -> Found:
    """The other processor's capability, and of every homework its recording, and what it takes for stale."""
    done = subprocess.run(
        [sys.executable, "-c", ASKED_THERE, __file__],
        env={**os.environ, **ANOTHER},
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_nothing_generated_is_stale_there(assignment: Assignment, there: Found) -> None:
    assert there[1][assignment.name][1] == {}


@pytest.mark.skipif(torch.backends.cpu.get_cpu_capability() == "DEFAULT", reason="it computes as this one does")
def test_its_numbers_really_are_others(there: Found) -> None:
    assert there[0] == "DEFAULT"
    course = load_course(Path(__file__))
    assert any(text != recorded(course.assignment(name)).text() for name, (text, _) in there[1].items())
