"""Workers, fork servers, lanes and `grade` are killed at random moments; nobody loses a point, and nothing is left."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from disturbed import Plan, Undisturbed, disturb, harass

ROUNDS = {
    "workers": ["learning worker", "grading worker", "grading worker", "grading worker", "grading lane"],
    "fork servers": ["learning fork server", "grading worker", "grading guard", "grading lane"],
    "lanes, then grade": ["learning lane", "grading fork server", "grading worker", "grading grade"],
}


@pytest.mark.parametrize("name", ROUNDS)
def test_a_kill_costs_nobody_anything(name: str, undisturbed: Undisturbed, tmp_path: Path, seed: int) -> None:
    chance = random.Random(f"{seed}-{name}")
    moments = sorted(chance.uniform(0, 0.8) for _ in ROUNDS[name][1:])
    plans = []
    for about, when in zip(ROUNDS[name], [chance.random(), *moments], strict=True):
        phase, _, kind = about.partition(" ")
        plans.append(Plan(kind, phase, when))
    report = disturb(undisturbed, plans, tmp_path / "out")
    assert len(report.kills) >= len(plans) - 1, report  # the last may come too late
    assert report.clean, f"repeat with TROUBLE_SEED={seed}: {report}"


def test_a_machine_that_goes_on_killing_workers_makes_grader_errors_and_nothing_worse(
    undisturbed: Undisturbed, tmp_path: Path, seed: int
) -> None:
    report = harass(undisturbed, "worker", random.Random(seed), 0.3, tmp_path / "out", learned=True)
    assert report.kills
    report.errors.clear()
    # What failed is put once more, to be explained. Where that is killed too, less is said, and nothing else.
    silent = [name for name, text in report.diagnoses.items() if text.endswith("became {}")]
    for name in silent:
        del report.diagnoses[name]
    assert report.clean, f"repeat with TROUBLE_SEED={seed}: {report}"
