"""Asks the process that reads what strangers wrote (`drawing.py`), one for each question, a few at a time."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgpack

import grader
from grader.review.drawing import Unreadable
from grader.sandbox.shut_in import environment_of, lacking
from grader.text import clean_line

PATIENCE_S = 25.0  # on a loaded machine; the process itself has half of it in CPU time
AT_ONCE = 2
LARGEST_ANSWER = 64_000_000
_PLACES = threading.BoundedSemaphore(AT_ONCE)
_ROOT = Path(grader.__file__).parents[1]


def walls(draw: Callable[..., dict[str, Any]]) -> str:
    """A line that says which walls this machine lacks around the process that reads; "" where all stand."""
    try:
        return lacking(draw("markdown", source="", folder="", pictures={}, prefix="/")["walls"])
    except Unreadable as why:
        return f"The process that reads submissions does not work on this machine: {why}."


def drawn(task: str, **question: Any) -> dict[str, Any]:
    """What came of one task. Raises `Unreadable` with the reason, also where the process died or took too long."""
    command = [sys.executable, "-m", "grader.review.drawing"]
    with _PLACES:
        try:
            done = subprocess.run(
                command,
                input=msgpack.packb({"task": task, **question}),
                capture_output=True,
                timeout=PATIENCE_S,
                env=environment_of(_ROOT),
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise Unreadable("it takes too long to read") from None
    if done.returncode == 1:  # an exception: of a text that nobody foresaw, or a fault of ours
        said = done.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2]
        raise Unreadable(f"it could not be read ({clean_line(said, 200)})")
    if done.returncode != 0 or len(done.stdout) > LARGEST_ANSWER:
        raise Unreadable("it needs more memory or time than anything honest does")
    answer: dict[str, Any] = msgpack.unpackb(done.stdout, raw=False)
    if "unreadable" in answer:
        raise Unreadable(answer["unreadable"])
    return answer
