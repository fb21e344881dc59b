"""Memory: how much is free, and what a run does where there is little."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from grader.batch import crew, room
from grader.batch.class_run import Job, grade
from grader.sandbox.limits import limits_of

House = Any  # tests/conftest.py
MB = 1 << 20


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine with 8,000 MB free, and this process two groups deep in it; no group has a limit."""
    (tmp_path / "meminfo").write_text("MemTotal: 16384000 kB\nMemAvailable: 8192000 kB\n")
    (tmp_path / "cgroup").write_text("0::/jobs/grading\n")
    (tmp_path / "fs" / "jobs" / "grading").mkdir(parents=True)
    for name, value in (("MEMORY", "meminfo"), ("MINE", "cgroup"), ("GROUPS", "fs")):
        monkeypatch.setattr(room, name, tmp_path / value)
    return tmp_path


def limit(group: Path, most: int | str, held: int, inactive: int = 0) -> None:
    (group / "memory.max").write_text(f"{most * MB if isinstance(most, int) else most}\n")
    (group / "memory.current").write_text(f"{held * MB}\n")
    (group / "memory.stat").write_text(f"anon 1\ninactive_file {inactive * MB}\nactive_file 7\n")


def test_the_tightest_limit_counts(machine: Path) -> None:
    assert room.free_mb() == 8000
    jobs = machine / "fs" / "jobs"
    limit(jobs / "grading", "max", 100)
    assert room.free_mb() == 8000
    limit(jobs, 1000, 700, inactive=50)
    assert room.free_mb() == 350, "files that are only kept in memory can go"
    limit(jobs / "grading", 400, 390)
    assert room.free_mb() == 10
    (machine / "meminfo").write_text("MemAvailable: 4096 kB\n")
    assert room.free_mb() == 4


@pytest.mark.parametrize("damage", ["meminfo", "cgroup"])
def test_a_machine_that_tells_nothing_stops_nobody(machine: Path, damage: str) -> None:
    for name in ("meminfo", "cgroup"):
        (machine / name).write_text("?\n")
    assert room.free_mb() == float("inf")
    (machine / damage).unlink()
    assert room.free_mb() == float("inf")


def test_this_machine_tells(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    assert 0 < room.free_mb() < float("inf")


@pytest.mark.parametrize(
    ("free", "at_once", "settle_s"),
    [([0.0], 1, 0.0), ([1e6], 2, 99.0), ([1600.0], 1, 99.0), ([1600.0], 2, 0.0), ([0.0, 0.0, 1e6], 2, 99.0)],
)
def test_where_memory_is_short_fewer_are_judged_at_a_time(
    house: House, monkeypatch: pytest.MonkeyPatch, free: list[float], at_once: int, settle_s: float
) -> None:
    """1,600 MB are enough for one: another begins only when it is known what the first one holds."""
    left, running, most, said = list(free), set[str](), list[int](), list[str]()
    monkeypatch.setattr(room, "free_mb", lambda: left.pop(0) if len(left) > 1 else left[0])
    monkeypatch.setattr(crew, "SETTLE_S", settle_s)

    def started(job: Job) -> None:
        running.add(job.name)
        most.append(len(running))

    jobs = [Job(f"s{i}", modules={"tiny": house.reference}) for i in range(5)]
    options: dict[str, Any] = {"sandbox": house.sandbox, "lane_count": 2, "allow_weak": True}
    verdicts = []
    for job, result in grade(jobs, house.assignment, 7, started=started, notice=said.append, **options):
        running.discard(job.name)
        verdicts.append(result.verdict)
    assert verdicts == ["passed"] * 5
    assert max(most) == at_once + 1, "the next one begins before the result of the last is handed on"
    told = f"{free[0]:,.0f} MB of memory are free, and 2 submissions may take "
    told += f"{2 * limits_of(house.assignment).memory_mb:,}: as long as that is so, fewer are judged at a time. "
    assert said == ([] if free[0] == 1e6 else [f"{told}It costs time, and nobody a point."])
