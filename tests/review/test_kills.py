"""Servers that are killed at random while people mark, on both databases: `run_kills.py` does it a hundred times."""

import os
from pathlib import Path

from kills import reviewed_under_kills

SEED = int(os.environ.get("TROUBLE_SEED", int.from_bytes(os.urandom(3), "little")))
KILLS = 2


def test_nothing_is_lost_and_nothing_doubled(url: str, tmp_path: Path) -> None:
    report = reviewed_under_kills(tmp_path, url, KILLS, SEED)
    assert (report.lost, report.doubled, report.refused) == ([], [], []), f"TROUBLE_SEED={SEED}"
    assert report.confirmed > KILLS
