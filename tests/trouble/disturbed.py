"""One disturbed run: who is killed when, and what came of it, compared with an undisturbed run of the same class."""

from __future__ import annotations

import random
import shutil
import signal
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

from classes import Class
from runs import LANES, Grade, Outcome, Run, digests, graded
from victims import KINDS

NO_GRADE = "has no grade"
PHASES = ("starting", "learning", "grading")
STOPPED_S = 1.0  # between SIGSTOP and SIGCONT: less than any limit by the clock
HUNG_FACTOR, HUNG_S = 5.0, 120.0  # a disturbed run may take so many times an undisturbed one, and so much longer


@dataclass(frozen=True)
class Plan:
    """Somebody to kill: `when` is the share of the phase that has passed then."""

    kind: str
    phase: str
    when: float
    signal: signal.Signals = signal.SIGKILL

    @classmethod
    def drawn(cls, chance: random.Random, phase: str) -> Plan:
        kinds = ("fork server", "guard", "grade") if phase == "starting" else KINDS
        kind = chance.choice([*kinds, *(["worker"] if phase != "starting" else [])])
        number = chance.choice([signal.SIGKILL] * 8 + [signal.SIGTERM, signal.SIGSTOP])
        if kind == "grade":  # a person who ends it is another matter: test_stopped.py
            number = signal.SIGKILL
        return cls(kind, phase, chance.random(), number)


@dataclass(frozen=True)
class Undisturbed:
    """How a class is graded when nobody disturbs: the measure of everything, made before anything is killed."""

    of: Class
    outcome: Outcome
    kept: dict[str, str]
    cache: Path  # a copy
    starts_s: float  # until the first worker
    learns_s: float  # from then to the first result
    all_s: float

    @classmethod
    def measure(cls, of: Class, folder: Path) -> Undisturbed:
        """Grades twice, from nothing and from what was kept. Raises when these two differ: then nothing can be told."""
        shutil.rmtree(of.cache, ignore_errors=True)
        run = Run(of, folder / "first")
        run.until(lambda: bool(run.family()["worker"] and run.family()["lane"]), 120)
        starts = time.monotonic() - run.began
        run.until(lambda: run.results() > 0, 600)
        learns = time.monotonic() - run.began - starts
        status = run.wait(1800)
        took = time.monotonic() - run.began
        outcome = Outcome.of(folder / "first")
        left = run.left_behind()
        if status != 0 or left or outcome.ungraded:
            raise AssertionError(f"undisturbed: status {status}, left {left}, {run.said()[-2000:]}")
        cache = folder / "kept"
        shutil.copytree(of.cache, cache)
        again = graded(of, folder / "second", timeout_s=1800)
        if different := compared(outcome, again):
            raise AssertionError(f"two undisturbed runs differ: {different}")
        return cls(of, outcome, digests(cache), cache, starts, learns, took)

    def restore(self, *, learned: bool) -> None:
        """Before a run: with everything learned, or with nothing."""
        shutil.rmtree(self.of.cache, ignore_errors=True)
        if learned:
            shutil.copytree(self.cache, self.of.cache)


@dataclass
class Kill:
    """A kill that was done."""

    kind: str
    signal: str
    phase: str
    after_s: float
    results: int


@dataclass
class Report:
    """What came of one run. Everything but `kills` and `planned` is empty if nothing is wrong."""

    planned: int
    kills: list[Kill] = field(default_factory=list)
    lost: dict[str, str] = field(default_factory=dict)  # students with other points, or with no result
    changed: dict[str, str] = field(default_factory=dict)  # students with the same points and other verdicts
    errors: list[str] = field(default_factory=list)  # students that got a grader_error
    diagnoses: dict[str, str] = field(default_factory=dict)
    later: dict[str, str] = field(default_factory=dict)  # wrong in the next, undisturbed run
    left: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)  # what is wrong with status, table and messages

    @property
    def clean(self) -> bool:
        return not (self.lost or self.changed or self.errors or self.diagnoses or self.later or self.left or self.said)


def disturb(undisturbed: Undisturbed, plans: Sequence[Plan], out: Path, *, look_later: bool = False) -> Report:
    """Grades the class, kills as planned, and compares.

    The plans are of one phase, or of "learning" and then "grading". No submission meets two kills, wherever in the
    queue it is put back: three more results are awaited after each, and nobody is killed when the last ones may be at
    work. A run whose `grade` is killed is started again, undisturbed.
    """
    of, report = undisturbed.of, Report(len(plans))
    undisturbed.restore(learned=all(plan.phase == "grading" for plan in plans))
    run = Run(of, out)
    timers: list[threading.Timer] = []
    earlier = 0
    for plan in plans:
        if not approach(run, plan, undisturbed, earlier, len(report.kills)):
            break
        kill = strike(run, plan, timers, undisturbed)
        if kill is None:
            break
        report.kills.append(kill)
        earlier = run.results() + 3
    for timer in timers:
        timer.join()
    status = run.wait(HUNG_FACTOR * undisturbed.all_s + HUNG_S)
    if status is None:
        report.said.append("it hung and had to be killed")
    report.left = run.left_behind()
    if any(kill.kind == "grade" for kill in report.kills):
        report.left = [left for left in report.left if not left.startswith("file")]  # that is for the next run
        first, run = run, Run(of, out)
        status = run.wait(HUNG_FACTOR * undisturbed.all_s + HUNG_S)
        report.left = [left for left in dict.fromkeys([*report.left, *run.left_behind()]) if still(first, left)]
    conclude(report, undisturbed, run, status, look_later=look_later)
    return report


def harass(
    undisturbed: Undisturbed, kind: str, chance: random.Random, every_s: float, out: Path, *, learned: bool
) -> Report:
    """Grades the class on a machine that goes on killing processes of one kind, about so often.

    Such a run may give up, so `lost` is without those that have no grade. It may also fail to learn a known mistake. If
    it says so, and that the class must be graded again, what that costs is not counted.
    """
    report = Report(0)
    undisturbed.restore(learned=learned)
    run = Run(undisturbed.of, out)
    while not run.over and time.monotonic() - run.began < undisturbed.all_s * HUNG_FACTOR + HUNG_S:
        time.sleep(chance.expovariate(1 / every_s))
        victims = run.family()[kind]
        if victims and chance.choice(victims).send(signal.SIGKILL):
            report.kills.append(Kill(kind, "SIGKILL", "any", time.monotonic() - run.began, run.results()))
    status = run.wait(0)
    if status is None:
        report.said.append("it hung and had to be killed")
    report.left = run.left_behind()
    conclude(report, undisturbed, run, status, look_later=True)
    report.lost = {name: text for name, text in report.lost.items() if text != NO_GRADE}
    if not learned and status == 1 and "could not be judged undisturbed" in run.said():
        report.lost, report.diagnoses = {}, {}
    return report


def conclude(report: Report, undisturbed: Undisturbed, run: Run, status: int | None, *, look_later: bool) -> None:
    """What the run came to, and, when something strange was kept or on demand, what the next one comes to."""
    of, out = run.of, run.out
    judge(report, undisturbed, Outcome.of(out), status, run)
    known = digests(of.cache)
    strange = [name for name, digest in known.items() if undisturbed.kept.get(name) != digest]
    if strange or look_later:
        later = Run(of, out.with_name(f"{out.name}-later"))
        ended = later.wait(HUNG_FACTOR * undisturbed.all_s + HUNG_S)
        outcome = Outcome.of(later.out)
        report.later = {name: text for name, text in compared(undisturbed.outcome, outcome).items()}
        if ended != 0:
            report.later["(the run)"] = f"status {ended}: {later.said()[-300:]}"


def still(run: Run, left: str) -> bool:
    """A folder that a killed run left and the next one removed is no longer left."""
    kind, _, name = left.partition(" ")
    return kind != "folder" or (run.place / "tmp" / name).exists()


def approach(run: Run, plan: Plan, undisturbed: Undisturbed, earlier: int, done: int) -> bool:
    """Waits for the planned moment; False when the run was over before."""
    if plan.phase == "starting":
        time.sleep(plan.when * undisturbed.starts_s)
        return not run.over
    if not run.until(lambda: bool(run.family()["worker"] and run.family()["lane"]), 120):
        return False
    if plan.phase == "learning":
        time.sleep(plan.when * undisturbed.learns_s)
        return not run.over
    last = len(undisturbed.outcome.grades) - 1 - LANES * (1 + done)
    wanted = max(earlier, int(plan.when * last))
    if wanted > last or not run.until(lambda: run.results() >= wanted, undisturbed.all_s * HUNG_FACTOR + HUNG_S):
        return False
    time.sleep(plan.when * 7919 % 1 * 0.3)
    return not run.over and run.results() <= last


def strike(run: Run, plan: Plan, timers: list[threading.Timer], undisturbed: Undisturbed) -> Kill | None:
    """Signals a process of the planned kind as soon as there is one. What is stopped goes on a moment later, whatever
    is planned next: a run whose fork server has stopped comes to no other moment.
    """
    deadline = time.monotonic() + 20
    while not run.over and time.monotonic() < deadline:
        family = run.family()
        victims = family[plan.kind] or (family["fork server"] if plan.kind == "guard" else [])
        learned = run.learned() >= len([name for name in undisturbed.kept if name.startswith("mistakes/")])
        phase = "grading" if run.results() or learned else "learning" if family["lane"] else "starting"
        if victims:
            victim = victims[int(plan.when * 104729) % len(victims)]
            results = run.results()
            if victim.send(plan.signal):
                if plan.signal == signal.SIGSTOP:
                    timers.append(threading.Timer(STOPPED_S, victim.send, (signal.SIGCONT,)))
                    timers[-1].start()
                return Kill(victim.kind, plan.signal.name, phase, time.monotonic() - run.began, results)
        time.sleep(0.001)
    return None


def judge(report: Report, undisturbed: Undisturbed, outcome: Outcome, status: int | None, run: Run) -> None:
    """Compares what a run left with what it should have."""
    right, complaint = undisturbed.outcome, run.complaints.read_text(errors="replace").strip()
    if "Traceback (most" in complaint:
        report.said.append("a traceback: " + complaint.splitlines()[-1][:200])
    starting = all(kill.phase in ("starting", "any") for kill in report.kills)
    if starting and status == 2 and not outcome.grades and not outcome.ungraded and len(complaint.splitlines()) == 1:
        return  # it could not start, and said why
    report.errors = sorted(outcome.ungraded)
    for name, text in compared(right, outcome).items():
        if name not in outcome.ungraded:
            {"diagnoses": report.diagnoses, "verdicts": report.changed}.get(text.split()[0], report.lost)[name] = text
    charged = [name for name, grade in outcome.ungraded.items() if not grade.ours]
    report.lost |= dict.fromkeys(charged, "not graded, without a grader_error")
    expected = 1 if outcome.ungraded or set(outcome.grades) != set(right.grades) else 0
    if status != expected:
        report.said.append(f"exit status {status}, not {expected}")
    if outcome.rows is None:
        report.said.append("no class.csv")
    else:
        wrong = [name for name in right.grades if not agrees(outcome, name)]
        report.said += [f"class.csv is wrong about {', '.join(wrong)}"] * bool(wrong)


def agrees(outcome: Outcome, name: str) -> bool:
    """Whether class.csv has the points that the student's JSON has; none for who was not graded."""
    assert outcome.rows is not None
    verdict, points = outcome.rows.get(name, ("", ""))
    if name in outcome.grades:
        return points != "" and abs(Fraction(points) - Fraction(outcome.grades[name].points)) < Fraction(1, 1000)
    return points == "" and verdict in ("grader_error", "")


def compared(right: Outcome, outcome: Outcome, *, stopped: bool = False) -> dict[str, str]:
    """Per student what is not as it should be. A run that was `stopped` need not have explained what it graded."""
    found = {}
    for name, grade in right.grades.items():
        now = outcome.grades.get(name)
        if now is None:
            found[name] = NO_GRADE
        elif now.points != grade.points:
            found[name] = f"{grade.points} points became {now.points}: {changes(grade, now)}"
        elif now.checks != grade.checks:
            found[name] = f"verdicts {changes(grade, now)}"
        elif now.diagnoses != grade.diagnoses and not (stopped and not any(now.diagnoses.values())):
            found[name] = f"diagnoses {grade.diagnoses} became {now.diagnoses}"
    return found


def changes(right: Grade, now: Grade) -> str:
    names = sorted({*right.checks, *now.checks})
    pairs = [(name, right.checks.get(name, ("absent",))[0], now.checks.get(name, ("absent",))[0]) for name in names]
    return ", ".join(f"{name} {one} -> {other}" for name, one, other in pairs if one != other)[:300]
