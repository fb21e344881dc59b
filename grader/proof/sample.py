"""Which gradings of known solutions are made again when nothing changed that decides a grade.

What changes a verdict without changing a file or a version is a matter of the machine, of the clock or of chance. The
sample is made for that:

- every check that ever noticed a mistake meets one of the mistakes that it noticed, so a check that has come to pass
  everything is found for certain;
- `OF_EACH` right gradings and as many wrong ones are drawn, so what touches one in five of either is found with a
  probability above 0.95;
- the stub, and whatever is graded twice, are always in it.

On another kind of processor, where a tolerance may be too narrow, all right gradings are made again.
"""

from __future__ import annotations

import contextlib
import hashlib
import random
import subprocess
from collections.abc import Sequence
from dataclasses import replace
from math import comb
from pathlib import Path

from grader.authoring.framework import PACKAGE
from grader.proof.known_outcomes import Known, key
from grader.proof.verify import Trial

OF_EACH = 15


def sample(planned: Sequence[Trial], known: Known, lot: str, right: int = OF_EACH) -> list[Trial]:
    """The gradings to make, in the order of `planned`; the same for the same `lot`. `right` is how many right ones."""
    drawing = random.Random(lot)
    full = [key(trial) for trial in planned if trial.right]
    wrong = [key(trial) for trial in planned if trial.specimen.kind == "mutant" and not trial.repeat]
    chosen = {
        key(planned[0]),  # the reference: the others are told as gradings like this one
        *(key(trial) for trial in planned if trial.specimen.kind == "stub"),
        *(key(each) for trial in planned if trial.repeat for each in (trial, replace(trial, repeat=0))),
        *_covering(wrong, known, drawing),
        *drawing.sample(full, min(right, len(full))),
        *drawing.sample(wrong, min(OF_EACH, len(wrong))),
    }
    return [trial for trial in planned if key(trial) in chosen]


def _covering(wrong: Sequence[str], known: Known, drawing: random.Random) -> list[str]:
    """Mutants among which each check that noticed any notices one."""
    noticed = {name: known.came[name].noticed for name in wrong}
    checks = sorted(frozenset().union(*noticed.values()))
    drawing.shuffle(checks)
    found: list[str] = []
    for check in checks:
        if not any(check in noticed[name] for name in found):
            found.append(drawing.choice([name for name in wrong if check in noticed[name]]))
    return found


def chance(touched: int, of: int, drawn: int) -> float:
    """The probability that a draw without replacement holds one of those that a fault touches (hypergeometric)."""
    return 1 - comb(of - touched, drawn) / comb(of, drawn)


def lot_of(folder: Path) -> str:
    """What the sample is drawn with: the commit, so that each change meets another sample and any can be had again.

    In a copy of the course without its history, the text of the framework.
    """
    with contextlib.suppress(OSError):  # there is no git
        command = ["git", "-C", str(folder), "rev-parse", "--short=12", "HEAD"]
        told = subprocess.run(command, capture_output=True, text=True, check=False)
        if told.returncode == 0:
            return f"commit {told.stdout.strip()}"
    text = b"".join(path.read_bytes() for path in sorted(PACKAGE.rglob("*.py")))
    return f"framework {hashlib.sha256(text).hexdigest()[:12]}"
