"""The process that compiles cells: what ends it, and what becomes of the cell and of the others."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator

import pytest

from grader import compiling
from grader.intake import parsed
from grader.intake.parsed import Parser
from grader.intake.submission import Refused

ENDLESS = "x = f'" + "{1}" * 300_000 + "'\n"  # Python looks for each of them from the beginning
BOMB = "".join(f"{' ' * i}try: pass\n{' ' * i}finally:\n" for i in range(19)) + " " * 19 + "x = [y(), y(), y()]\n"

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="memory is limited on Linux only")


@pytest.fixture
def parser() -> Iterator[Parser]:
    with Parser("hw0.ipynb") as parser:
        yield parser


def process_of(parser: Parser) -> int:
    assert parser._process is not None
    return parser._process.pid


def killed_while_compiling(parser: Parser, source: str, number: signal.Signals) -> parsed.Parsed:
    """The verdict on a source in whose middle a signal comes."""
    parser.parsed("x = 1")
    timer = threading.Timer(0.3, os.kill, (process_of(parser), number))
    timer.start()
    try:
        return parser.parsed(source)
    finally:
        timer.join()


def test_what_python_compiles_without_end_is_stopped_and_the_next_is_read(parser: Parser) -> None:
    found = parser.parsed(ENDLESS)
    assert (found.tree, found.fault, found.line) == (None, compiling.TOO_LONG, 0)
    assert parser.parsed("x = 1").tree is not None


@linux_only
def test_what_takes_all_memory_is_stopped_and_the_next_is_read(parser: Parser) -> None:
    for _ in range(2):
        found = parser.parsed(BOMB)
        assert (found.tree, found.fault, found.line) == (None, compiling.TOO_LARGE, 0)
    assert parser.parsed("x = 1").tree is not None


@linux_only
def test_what_its_parent_once_took_does_not_count() -> None:
    """A process begins with the peak of the one that started it, by `getrusage`: a large grader hid every bomb."""
    grown = (
        "import sys; x = bytearray(1100 << 20); x[::4096] = b'1' * len(x[::4096]); del x;"
        "from grader.intake.parsed import Parser; parser = Parser('hw0.ipynb').__enter__();"
        "found = parser.parsed(sys.stdin.read()); parser._end_now(); print(found.fault)"
    )
    told = subprocess.run([sys.executable, "-c", grown], input=BOMB, capture_output=True, text=True, check=True)
    assert told.stdout.strip() == compiling.TOO_LARGE


def test_what_makes_python_crash_is_told_and_the_next_is_read(parser: Parser) -> None:
    """The signal comes from here: we know no source on which Python 3.11 crashes. On the next test's, later ones do."""
    found = killed_while_compiling(parser, ENDLESS, signal.SIGSEGV)
    assert (found.tree, found.fault) == (None, compiling.CRASHES)
    assert parser.parsed("x = 1").tree is not None


def test_comprehensions_in_comprehensions_do_no_harm(parser: Parser) -> None:
    """Python 3.12 and 3.13 crash on these, 3.11 does not."""
    found = parser.parsed("x = " + "[" * 90 + "1" + " for i in y]" * 90)
    assert (found.tree is not None) == (found.fault == "")
    assert found.fault in ("", compiling.CRASHES)
    assert parser.parsed("x = 1").tree is not None


def test_a_process_that_somebody_else_ends_costs_no_cell(parser: Parser) -> None:
    parser.parsed("x = 1")
    os.kill(process_of(parser), signal.SIGKILL)
    assert parser.parsed("y = 2").tree is not None
    slow = "\n".join(["x = 1"] * 100_000)
    assert killed_while_compiling(parser, slow, signal.SIGKILL).tree is not None


@linux_only
def test_one_that_computes_has_its_time_however_long_that_is_by_the_clock(
    parser: Parser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parsed, "_IDLE_S", 0.5)  # what is asked next computes for three seconds
    monkeypatch.setattr(parsed, "_SPANS", 1000)
    assert parser.parsed(ENDLESS).fault == compiling.TOO_LONG


@linux_only
def test_one_that_stands_still_is_asked_again_and_then_our_trouble(
    parser: Parser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parsed, "_IDLE_S", 0.5)
    parser.parsed("x = 1")
    os.kill(process_of(parser), signal.SIGSTOP)
    assert parser.parsed("y = 2").tree is not None
    monkeypatch.setattr(parsed, "_SPANS", 0)
    with pytest.raises(ChildProcessError, match="stood still"):
        parser.parsed(ENDLESS)


def test_one_that_is_ended_again_and_again_is_our_trouble(parser: Parser) -> None:
    done = threading.Event()

    def kill() -> None:
        while not done.wait(0.02):
            if process := parser._process:
                process.kill()

    killer = threading.Thread(target=kill)
    killer.start()
    try:
        with pytest.raises(ChildProcessError, match="SIGKILL"):
            parser.parsed(ENDLESS)
    finally:
        done.set()
        killer.join()


def test_all_cells_together_have_a_limit(parser: Parser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parsed, "_TOTAL_CPU_S", 2)
    assert parser.parsed(ENDLESS).fault
    assert parser.exhausted
    with pytest.raises(Refused, match=r"hw0\.ipynb: Python needs more than 2 s to compile its cells"):
        parser.parsed("x = 1")


def test_no_process_is_left() -> None:
    with Parser("hw0.ipynb") as parser:
        assert parser._process is None  # nothing was asked yet
        parser.parsed("x = 1")
        pid = process_of(parser)
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
