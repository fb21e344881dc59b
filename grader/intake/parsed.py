"""The source of one cell as Python sees it. It is parsed and compiled, and never run."""

from __future__ import annotations

import ast
import builtins
import contextlib
import re
import select
import signal
import subprocess
import sys
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import IO

from grader import clock, compiling
from grader.intake.submission import Refused
from grader.text import clean_line

# The functions and classes at the top of a text, found without parsing it.
DEFINITION = re.compile(r"^(?:async[ \t]+def|def|class)[ \t]+(\w+)", re.MULTILINE)
_SURELY_THERE = frozenset(dir(builtins)) | {"__file__", "__builtins__", "__class__"}
_TOTAL_CPU_S = 20  # for one notebook. Honest ones need a tenth of a second
_IDLE_S = 60.0  # in which a process with a source has not computed at all: this machine is in trouble
_SPANS = 10  # of so long, after which it is so in any case


@dataclass(frozen=True)
class Parsed:
    """`tree` when it is valid; `fault` and its `line` (0: of all of it) when it is not.

    Neither when only its reader can say.
    """

    tree: ast.Module | None
    fault: str = ""
    line: int = 0


class Parser:
    """Python's own verdict on the sources of a notebook, with its complaints.

    A source is first compiled by a process of its own, because with some Python never ends, takes all memory, or
    crashes. `file` is the notebook's name, fit to be shown.
    """

    def __init__(self, file: str) -> None:
        self._file = file
        self._process: subprocess.Popen[bytes] | None = None
        self._spent_s = 0.0

    def __enter__(self) -> Parser:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end_now()

    @property
    def exhausted(self) -> bool:
        """Whether there is no time left for another source."""
        return self._spent_s > _TOTAL_CPU_S

    def parsed(self, source: str) -> Parsed:
        """What Python says of one source. Raises `Refused` when all of them together took too long."""
        found = self.complaint(source)
        if found.fault:
            return found
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return Parsed(ast.parse(source))
        except (RecursionError, MemoryError):
            return Parsed(None)  # too much for this process at this moment: the worker has the last word

    def complaint(self, source: str) -> Parsed:
        """The same without a tree."""
        line, fault = self._compiled(source)
        line = min(line, source.count("\n") + 1)
        if fault and line and source.split("\n")[line - 1].startswith(("<<<<<<<", "=======", ">>>>>>>")):
            fault = "a merge conflict that is not resolved"
        return Parsed(None, clean_line(fault, 150), line)

    def _compiled(self, source: str) -> tuple[int, str]:
        """A line and what is wrong there; "" when nothing is."""
        if self.exhausted:
            raise Refused(
                f"{self._file}: Python needs more than {_TOTAL_CPU_S} s to compile its cells. "
                "Hand in source code only, without data."
            )
        ended = ""
        for _ in range(2):  # once more where this machine, and not the source, put an end to it
            if answer := self._ask(source.encode("utf-8", "surrogatepass")):
                line, seconds, fault = answer.decode("utf-8").split(" ", 2)
                self._spent_s += float(seconds)
                if fault == compiling.TOO_LARGE:
                    self._end_now()  # how much the next one takes is seen by how far it goes beyond this one's peak
                return int(line), fault
            ended = self._end()
            if ended == "SIGXCPU":
                self._spent_s += compiling.CPU_S
                return 0, compiling.TOO_LONG
            if ended in compiling.CRASH_SIGNALS:
                return 0, compiling.CRASHES
        raise ChildProcessError(f"the process that compiles cells ended, or stood still ({ended})")

    def _ask(self, source: bytes) -> bytes:
        """The answer of the process; empty when it ended before it had one."""
        if self._process is None:
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-S", compiling.__file__],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                start_new_session=True,  # Ctrl-C is for us
            )
        asked, told = self._process.stdin, self._process.stdout
        assert asked is not None
        assert told is not None
        with contextlib.suppress(BrokenPipeError):
            asked.write(len(source).to_bytes(compiling.SIZE_BYTES, "little") + source)
            asked.flush()
        if not _computes_until(told, self._process.pid):
            self._process.kill()
        size = int.from_bytes(told.read(compiling.SIZE_BYTES), "little")
        answer = told.read(size)
        return answer if len(answer) == size else b""

    def _end_now(self) -> None:
        if self._process is not None:
            self._process.kill()
        self._end()

    def _end(self) -> str:
        """Ends the process, if there is one that has not ended yet, and says how: a signal's name, or a status."""
        if self._process is None:
            return ""
        process, self._process = self._process, None
        if process.stdin and process.stdout:
            with contextlib.suppress(BrokenPipeError):
                process.stdin.close()
            process.stdout.close()
        status = process.wait()
        return signal.Signals(-status).name if status < 0 else f"status {status}"


def _computes_until(told: IO[bytes], pid: int) -> bool:
    """Waits for an answer, or for the kernel to end the process: false when it does neither, nor computes.

    The time that counts is the processor's, and the kernel limits it: on a machine that is busy with others, three
    seconds of it can take minutes.
    """
    used: float | None = -1.0
    for _ in range(_SPANS):
        if select.select([told], [], [], _IDLE_S)[0]:
            return True
        before, used = used, clock.cpu_s(pid)
        if used is None or before is None or used <= before:
            break
    return False


def bound_names(tree: ast.Module) -> set[str]:
    """The names that a cell defines when it is run: functions, classes, imports, variables."""
    bound: set[str] = set()
    todo: list[ast.AST] = list(tree.body)
    while todo:
        node = todo.pop()
        bound.update(_bound_by(node))
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
            todo += ast.iter_child_nodes(node)
    return bound


def missing_names(trees: list[ast.Module]) -> set[str]:
    """Names that code uses and nothing in it defines anywhere. Empty when an `import *` could define them."""
    used: set[str] = set()
    bound: set[str] = set()
    for tree in trees:
        for node in ast.walk(tree):
            bound.update(_bound_by(node))
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
                used.add(node.id)
    return set() if "*" in bound else used - bound - _SURELY_THERE


def _bound_by(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
            yield name
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            yield name
        case ast.alias(name=name, asname=other):
            yield other or name.partition(".")[0]
        case ast.arg(arg=name):
            yield name
        case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
            yield name
        case ast.MatchMapping(rest=str(name)):
            yield name
        case ast.Global(names=names) | ast.Nonlocal(names=names):
            yield from names
