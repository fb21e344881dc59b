"""Kills processes of `grade` at random moments, and tells what it cost whom: `python run.py hw0 --kills 100`.

Run it again with the seed that it prints to meet the same plans; `--only 17` repeats one run. Exit status 0: nothing
was lost, nothing wrong was kept, nothing was left behind.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from dataclasses import asdict
from pathlib import Path

from classes import homework, tiny
from disturbed import PHASES, Plan, Report, Undisturbed, disturb, harass
from rich.console import Console
from rich.table import Table

WEIGHTS = {"starting": 1, "learning": 4, "grading": 3}  # of runs, and while grading several are killed in one
HARASSED = {"worker": 0.3, "lane": 1.0, "fork server": 5.0}  # mean seconds between two kills
COLUMNS = {
    "lost": "other points",
    "changed": "other verdicts",
    "errors": "grader_error",
    "diagnoses": "diagnoses lost",
    "later": "wrong in the next run",
    "left": "left behind",
    "said": "status, messages",
}


def planned(seed: int, number: int, together: int) -> list[Plan]:
    """The plans of run `number`: one kill, or several while grading."""
    chance = random.Random(f"{seed}-{number}")
    phase = chance.choices(PHASES, [WEIGHTS[phase] for phase in PHASES])[0]
    plans = [Plan.drawn(chance, phase) for _ in range(together if phase == "grading" else 1)]
    plans.sort(key=lambda plan: plan.when)
    ends = next((at for at, plan in enumerate(plans) if plan.kind == "grade"), len(plans))
    return plans[: ends + 1]


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("homework", nargs="?", default="hw0", help="a homework, or tiny")
    options.add_argument("--kills", type=int, default=100)
    options.add_argument("--seed", type=int, default=int.from_bytes(os.urandom(3), "little"))
    options.add_argument("--only", type=int, help="repeat this run alone")
    options.add_argument("--together", type=int, default=3, help="kills of one run while grading")
    options.add_argument("--every", type=int, default=9, help="keep every so many-th known mistake")
    options.add_argument("--json", type=Path, help="where the whole report goes")
    chosen = options.parse_args()
    again = f"{chosen.homework} --seed {chosen.seed} --together {chosen.together} --every {chosen.every}"
    print(f"seed {chosen.seed}: repeat a run with `{sys.argv[0]} {again} --only NUMBER`", flush=True)
    place = Path(tempfile.mkdtemp(prefix="trouble-"))
    place.chmod(0o755)
    try:
        make = tiny if chosen.homework == "tiny" else homework(chosen.homework, chosen.every)
        undisturbed = Undisturbed.measure(make(place), place)
        count = len(undisturbed.outcome.grades)
        times = f"{undisturbed.all_s:.0f} s, {undisturbed.learns_s:.0f} s of them learning"
        print(f"undisturbed: {count} submissions in {times}", flush=True)
        reports: dict[int, tuple[list[Plan], Report]] = {}
        number, kills = 0, 0
        while kills < chosen.kills:
            if chosen.only in (None, number):
                plans = planned(chosen.seed, number, chosen.together)
                report = one(undisturbed, plans, place, number)
                reports[number] = plans, report
                kills += len(report.kills)
            elif chosen.only < number:
                break
            number += 1
            if chosen.json:
                chosen.json.write_text(json.dumps({n: asdict(report) for n, (_, report) in reports.items()}, indent=1))
        show([report for _, report in reports.values()])
        good = all(report.clean for _, report in reports.values())
        return 0 if good and (chosen.only is not None or goes_on(undisturbed, place, chosen.seed)) else 1
    finally:
        shutil.rmtree(place, ignore_errors=True)


def one(undisturbed: Undisturbed, plans: list[Plan], place: Path, number: int) -> Report:
    began = time.monotonic()
    out = place / f"out-{number}"
    report = disturb(undisturbed, plans, out, look_later=number % 5 == 0)
    for folder in (out, out.with_name(f"{out.name}-later")):
        shutil.rmtree(folder, ignore_errors=True)
    done = "; ".join(f"{kill.signal} {kill.kind} {kill.phase} at {kill.after_s:.1f} s" for kill in report.kills)
    print(f"run {number}, {time.monotonic() - began:.0f} s: {done or 'nobody was there to kill'}", flush=True)
    for what in COLUMNS:
        if found := getattr(report, what):
            lines = found if isinstance(found, list) else [f"{name}: {text}" for name, text in found.items()]
            print(f"    {what} ({len(lines)}): {'; '.join(lines)[:600]}", flush=True)
    return report


def goes_on(undisturbed: Undisturbed, place: Path, seed: int) -> bool:
    """Machines that go on killing: there may be grader_errors and no grades, and nothing worse. True if so."""
    good = True
    for kind, every_s in HARASSED.items():
        out = place / f"harassed-{kind.replace(' ', '-')}"
        report = harass(undisturbed, kind, random.Random(f"{seed}-{kind}"), every_s, out, learned=False)
        print(
            f"{len(report.kills)} times a {kind}, again and again: {len(report.errors)} with a grader_error", flush=True
        )
        report.errors.clear()
        good = good and report.clean
        if not report.clean:
            print(f"    {report}", flush=True)
    return good


def show(reports: list[Report]) -> None:
    """The table: what each kind of kill in each phase came to."""
    rows: dict[tuple[str, str], Counter[str]] = {}
    for report in reports:
        kinds = dict.fromkeys((kill.phase, kill.kind) for kill in report.kills)
        for kill in report.kills:
            rows.setdefault((kill.phase, kill.kind), Counter())["kills"] += 1
        for kind in kinds:  # a run with several kinds of kills counts for each
            rows[kind].update(counted(report))
    table = Table("phase", "killed", "kills", *COLUMNS.values())
    for (phase, kind), counts in sorted(rows.items(), key=lambda row: (PHASES.index(row[0][0]), row[0][1])):
        table.add_row(phase, kind, *(str(counts[column]) for column in ("kills", *COLUMNS)))
    total = Counter({"kills": sum(len(report.kills) for report in reports)})
    for report in reports:
        total.update(counted(report))
    table.add_section()
    table.add_row("all", "", *(str(total[column]) for column in ("kills", *COLUMNS)))
    Console(width=150).print(table)


def counted(report: Report) -> dict[str, int]:
    return {column: len(getattr(report, column)) for column in COLUMNS}


if __name__ == "__main__":
    sys.exit(main())
