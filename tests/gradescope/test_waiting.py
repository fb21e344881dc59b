"""How long is waited for a submission: its imports and its answers, also by a process that is still waiting."""

from __future__ import annotations

import multiprocessing
import time
from typing import Any

import pytest

from grader.batch.class_run import Job, grade
from grader.gradescope import waiting
from grader.gradescope.progress import Progress, reporting
from grader.gradescope.waiting import Waits
from grader.judge.result import Result
from grader.sandbox.replies import Limits

House = Any  # tests/conftest.py
SLEEPY = """
import time

time.sleep(0.2)


def twice(x):
    time.sleep(0.3)
    return 2 * x
"""


def test_waits_add_up_and_the_one_that_goes_on_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [100.0]
    monkeypatch.setattr(waiting.time, "monotonic", lambda: clock[0])
    waits = Waits()
    with waits.one():
        clock[0] += 3
        assert waits.seconds == 3
    clock[0] += 50
    with pytest.raises(ZeroDivisionError), waits.one():
        clock[0] += 4 + 4 / 0
    with waits.one():
        clock[0] += 4
    clock[0] += 50
    assert waits.seconds == 7
    waits.forget()
    assert waits.seconds == 0


def test_who_watches_sees_the_wait_of_a_process_that_does_not_come_back() -> None:
    waits, fork = Waits(), multiprocessing.get_context("fork")
    waiting_now = fork.Event()

    def wait() -> None:
        with waits.one():
            waiting_now.set()
            time.sleep(600)

    child = fork.Process(target=wait)
    child.start()
    try:
        assert waiting_now.wait(60)
        before = waits.seconds
        time.sleep(0.01)
        assert waits.seconds > before > 0
    finally:
        child.kill()
        child.join()


def test_code_that_only_sleeps_is_waited_for_while_it_is_imported_and_asked(house: House) -> None:
    waits, lane, probes = Waits(), house.sandbox.lane(0), house.assignment.probes
    host = waits.counting(lambda modules, given: lane.host(modules, probes, Limits(), given))({"tiny": SLEEPY}, {})
    try:
        assert waits.seconds == 0
        assert host.load().outcome == "returned"
        imported = waits.seconds
        assert imported >= 0.2
        assert host.call("twice", {"x": 3}, 0).value == 6
        assert waits.seconds >= imported + 0.3
        assert host.layers == house.sandbox.layers
    finally:
        host.close()
        lane.clear()


def test_whoever_grades_sees_that_a_lane_waits_for_a_check_that_has_not_ended(house: House) -> None:
    class Seen(Exception):
        pass

    def look() -> None:
        if waits.seconds > 1:
            raise Seen

    waits, told = Waits(), list[Result]()
    job = Job("sleepy", modules={"tiny": house.but("def twice(x):\n    import time\n    time.sleep(25)")})
    how: dict[str, Any] = {"sandbox": house.sandbox, "allow_weak": True, "lane_count": 1, "tick": look}
    with pytest.raises(Seen):
        told += [result for _, result in grade([job], house.assignment, 7, judge=reporting(_no_one, waits), **how)]
    assert told == []


def _no_one(progress: Progress) -> None:
    """Nobody asks how far it is."""
