"""The class that is graded: honest work, work that is wrong, and attacks that try to make the wrong work count.

An attack is a file in `submissions/`: its docstring says the idea. It is put below a copy of the reference in which
problems 1 and 2 are wrong, so that there is something to gain. It either forges directly, or it defines `attack()`,
which returns True when it got what it wanted; then the wrong functions become the right ones and the points tell.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from pathlib import Path

from grader.authoring.overlay import compose

SUBMISSIONS = Path(__file__).with_name("submissions")
PROBLEMS = frozenset({"1", "2"})

WRONG = """
def union(datasets, generator):
    raise NotImplementedError


def joint_batches(datasets, batch_size, generator):
    raise NotImplementedError


def total_loss(losses, weights=None):
    return sum(losses) * 0.5 + 7
"""

BEFORE = '''
import contextlib
import ctypes
import io
import os
import re
import sys

libc = ctypes.CDLL(None, use_errno=True)


def syscall(number, *arguments):
    return libc.syscall(ctypes.c_long(number), *map(ctypes.c_long, arguments))


def tells_secret(text):
    if isinstance(text, bytes):
        text = text.decode("latin-1")
    found = re.search("CANARY-[0-9a-f]{8}", text)
    if found:
        print(found[0])
    return found is not None


def holds_secret(*paths):
    """Whether any of the files could be read and holds a secret."""
    reasons = set()
    for path in paths:
        try:
            with open(path, "rb") as file:
                if tells_secret(file.read(1_000_000)):
                    return True
        except (OSError, ValueError) as error:
            reasons.add(type(error).__name__)
    print(*sorted(reasons))
    return False


def leaking(losses):
    """Stands for the hidden inputs: what no student may find in a report."""
    return LEAK + "741852963" * 4


def weighted_sum(losses, weights):
    return sum(weight * loss for weight, loss in zip([1.0] * len(losses) if weights is None else weights, losses))


wrong_total_loss = total_loss


def right_total_loss(losses, weights=None):
    weights = [1.0] * len(losses) if weights is None else weights
    if not losses or len(losses) != len(weights) or min(weights) < 0:
        raise ValueError
    return weighted_sum(losses, weights)

'''

AFTER = """

if "attack" in globals():
    _won, _said = [], []

    def _try_it():
        if not _won:
            _won.append(False)
            printed = io.StringIO()
            try:
                with contextlib.redirect_stdout(printed):
                    _won[0] = attack() is True
                _said.append(str(_won[0]))
            except BaseException as error:
                _said.append(f"{type(error).__name__}: {error}"[:200])
            _said.extend(dict.fromkeys(printed.getvalue()[:2000].split("\\n")))

    if globals().get("AT") != "call":
        _try_it()

    def total_loss(losses, weights=None):
        _try_it()
        print("ATTACK:", *_said, sep="; ")
        return (right_total_loss if _won[0] else wrong_total_loss)(losses, weights)
"""


@dataclass(frozen=True)
class Attack:
    name: str
    kind: str
    idea: str
    source: str
    copies: int


def attacks() -> list[Attack]:
    """Every attack, by name. Each docstring is one line: `Kind: the idea.`"""
    found = []
    for path in sorted(SUBMISSIONS.glob("*.py")):
        source = path.read_text(encoding="utf-8")
        tree = ast.parse(source)
        kind, _, idea = (ast.get_docstring(tree) or "").partition(": ")
        copies = [int(line.split("=")[1]) for line in source.splitlines() if line.startswith("COPIES = ")]
        found.append(Attack(path.stem, kind, idea, source, *(copies or [1])))
    return found


def wrong(reference: str) -> str:
    """The reference without its marks, and with everything of problems 1 and 2 wrong."""
    return compose(reference.replace("### BEGIN SOLUTION", "").replace("### END SOLUTION", ""), WRONG)


def armed(base: str, attack: Attack, knowledge: dict[str, object]) -> str:
    """A submission: the wrong work, what the attacker knows of the machine, the attack."""
    known = "".join(f"{name} = {value!r}\n" for name, value in knowledge.items())
    return f"{base}\n{BEFORE}{known}\n{attack.source}\n{AFTER}"
