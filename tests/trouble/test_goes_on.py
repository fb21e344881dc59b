"""`grade` is killed at random moments, again and again; the same command goes on until everybody is graded once."""

from __future__ import annotations

import json
import os
import random
import signal
import time
from pathlib import Path

from disturbed import Undisturbed, compared
from runs import Outcome, Run

KILLS = 10


def events(run: Run, kind: str) -> list[str]:
    """Of whom a run told such an event; its last line may be cut."""
    lines = run.printed.read_text().split("\n")[:-1]
    return [event["submission"] for event in map(json.loads, lines) if event["event"] == kind]


def test_ten_kills_and_the_results_of_an_undisturbed_run(
    undisturbed: Undisturbed, tmp_path: Path, runs: list[Run], seed: int
) -> None:
    undisturbed.restore(learned=True)
    chance, out, everybody = random.Random(seed), tmp_path / "out", set(undisturbed.outcome.grades)
    told: dict[str, int] = dict.fromkeys(everybody, 0)
    kept = set[str]()
    for _ in range(KILLS):
        runs.append(run := Run(undisturbed.of, out, "--json"))
        some = chance.randint(0, 3)
        run.until(lambda run=run, some=some: len(events(run, "graded")) + len(events(run, "explained")) >= some, 60)
        time.sleep(chance.random() * 0.1)
        run.process.send_signal(signal.SIGKILL)
        run.wait(20)
        now = Outcome.of(out)  # each file can be read: none is half written
        assert set(events(run, "graded")) | kept <= set(now.grades), "told, and not on the disk"
        for name in events(run, "graded"):
            told[name] += 1
        assert compared(undisturbed.outcome, now, stopped=True).keys() == everybody - set(now.grades)
        kept |= set(now.grades)
    runs.append(last := Run(undisturbed.of, out, "--json"))
    assert last.wait(180) == 0, f"repeat with TROUBLE_SEED={seed}: {last.said()}"
    outcome = Outcome.of(out)
    assert compared(undisturbed.outcome, outcome) == {}
    assert outcome.rows == undisturbed.outcome.rows
    done = [*events(last, "kept"), *events(last, "graded")]
    assert len(done) == len(set(done))
    for name in events(last, "graded"):
        told[name] += 1
    assert {name: times for name, times in told.items() if times > 1} == {}, "what was told was judged again"
    assert last.left_behind() == []
    assert os.listdir(out).count("to_explain") == 0
