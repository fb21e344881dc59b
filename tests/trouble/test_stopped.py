"""Somebody stops `grade`: Ctrl-C, SIGTERM, a terminal that is closed. What was graded is kept, and said."""

from __future__ import annotations

import json
import os
import random
import re
import signal
import time
from pathlib import Path

import pytest
from disturbed import Undisturbed, agrees, compared
from runs import Outcome, Run

ENDS_S = 20.0


def stop(run: Run, number: signal.Signals) -> None:
    """A terminal tells every process of its group, a system that shuts down the one that it knows."""
    if number == signal.SIGTERM:
        run.process.send_signal(number)
    else:
        os.killpg(run.process.pid, number)


def is_in_order(run: Run, undisturbed: Undisturbed) -> None:
    """What a run that was stopped must leave: its results, a table of them, one line, and nothing else."""
    status = run.wait(ENDS_S)
    outcome, said, count = Outcome.of(run.out), run.said(), len(undisturbed.outcome.grades)
    assert status == 1, said
    assert "Traceback" not in said
    assert re.findall(r"(\d+) of (\d+) graded", said) == [(str(len(outcome.grades)), str(count))], said
    wrong = compared(undisturbed.outcome, outcome, stopped=True)
    assert set(wrong) == set(undisturbed.outcome.grades) - set(outcome.grades)
    if set(compared(undisturbed.outcome, outcome)) - set(wrong):
        assert "Not compared with known mistakes yet: " in said
    assert outcome.ungraded == {}
    assert outcome.rows is not None
    assert [name for name in undisturbed.outcome.grades if not agrees(outcome, name)] == []
    assert run.left_behind() == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP], ids=lambda number: number.name)
def test_stopped_while_grading(
    number: signal.Signals, undisturbed: Undisturbed, tmp_path: Path, runs: list[Run]
) -> None:
    undisturbed.restore(learned=True)
    run = Run(undisturbed.of, tmp_path / "out")
    runs.append(run)
    assert run.until(lambda: run.results() >= 5, 60)
    stop(run, number)
    is_in_order(run, undisturbed)
    assert 5 <= len(Outcome.of(run.out).grades) < len(undisturbed.outcome.grades)


def test_ctrl_c_once_finishes_what_is_judged_and_the_same_command_goes_on(
    undisturbed: Undisturbed, tmp_path: Path, runs: list[Run]
) -> None:
    undisturbed.restore(learned=True)
    runs.append(run := Run(undisturbed.of, tmp_path / "out", "--json"))
    assert run.until(lambda: run.results() >= 5, 60)
    stop(run, signal.SIGINT)
    assert run.wait(ENDS_S) == 1, run.said()
    events = [json.loads(line) for line in run.printed.read_text().splitlines()]
    started, graded = ([e["submission"] for e in events if e["event"] == kind] for kind in ("started", "graded"))
    assert sorted(started) == sorted(graded) == sorted(Outcome.of(run.out).grades)
    assert len(graded) < len(undisturbed.outcome.grades)
    assert "Ctrl-C again stops at once" in run.complaints.read_text()
    assert "The same command goes on here." in run.complaints.read_text()
    assert events[-1]["stopped"] == "stopped by Ctrl-C"
    runs.append(again := Run(undisturbed.of, tmp_path / "out", "--json"))
    assert again.wait(120) == 0, again.said()
    events = [json.loads(line) for line in again.printed.read_text().splitlines()]
    assert set(graded).isdisjoint(e["submission"] for e in events if e["event"] == "started")
    assert compared(undisturbed.outcome, Outcome.of(again.out)) == {}


def test_stopped_while_learning_and_then_graded(undisturbed: Undisturbed, tmp_path: Path, runs: list[Run]) -> None:
    undisturbed.restore(learned=False)
    run = Run(undisturbed.of, tmp_path / "out")
    runs.append(run)
    assert run.until(lambda: bool(run.family()["lane"] and run.family()["worker"]), 60)
    time.sleep(undisturbed.learns_s / 2)
    stop(run, signal.SIGINT)
    is_in_order(run, undisturbed)
    runs.append(again := Run(undisturbed.of, tmp_path / "out"))
    assert again.wait(120) == 0
    assert compared(undisturbed.outcome, Outcome.of(again.out)) == {}


def test_an_impatient_person_stops_it_three_times(undisturbed: Undisturbed, tmp_path: Path, runs: list[Run]) -> None:
    undisturbed.restore(learned=True)
    run = Run(undisturbed.of, tmp_path / "out")
    runs.append(run)
    assert run.until(lambda: run.results() >= 3, 60)
    for _ in range(3):
        stop(run, signal.SIGINT)
        time.sleep(0.05)
    assert run.wait(ENDS_S) == 1, run.said()
    assert "Traceback" not in run.said()
    assert set(compared(undisturbed.outcome, Outcome.of(run.out), stopped=True)).isdisjoint(Outcome.of(run.out).grades)
    assert run.left_behind() == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=lambda number: number.name)
@pytest.mark.parametrize("late", [False, True], ids=["at once", "later"])
def test_stopped_before_anything_is_judged(
    number: signal.Signals, late: bool, undisturbed: Undisturbed, tmp_path: Path, runs: list[Run], seed: int
) -> None:
    """At once: as soon as there is a process to be ended and a folder to be removed."""
    undisturbed.restore(learned=True)
    run = Run(undisturbed.of, tmp_path / "out")
    runs.append(run)
    assert run.until(lambda: bool(run.family()["fork server"]), 60)
    time.sleep(late * random.Random(seed).random() * undisturbed.starts_s / 2)
    stop(run, number)
    assert run.wait(ENDS_S) in (1, 2), run.said()
    assert "Traceback" not in run.said()
    assert set(compared(undisturbed.outcome, Outcome.of(run.out), stopped=True)).isdisjoint(Outcome.of(run.out).grades)
    assert run.left_behind() == []
