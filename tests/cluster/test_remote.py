"""Jobs on other machines' slots, whichever engine reaches them: the same results, and nothing lost."""

from __future__ import annotations

import os
import shutil
import signal
import stat
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgpack
import pytest
from conftest import Judged, comparable
from in_threads import Threads

from grader.batch.class_run import grade
from grader.batch.engine import Engine
from grader.batch.job import Job
from grader.cluster import alike, remote, station, supply
from grader.cluster.remote import Remote
from grader.course.assignment import Assignment, load_course
from grader.errors import CourseError, SandboxError
from grader.intake import Wanted
from grader.judge.calibration import depends
from grader.judge.session import Judge

REPOSITORY = Path(__file__).parents[2]
WAITS = "import time\ntime.sleep(1.5)\n"


def waiting(tiny: Assignment, name: str = "waits") -> Job:
    """A submission that takes a while to judge."""
    return Job(name, modules={"tiny": f"{WAITS}{(tiny.solution / 'tiny.py').read_text()}"})


def test_results_are_those_of_this_machine_but_for_times_and_host(
    judged: Judged, jobs: list[Job], here: dict[str, object]
) -> None:
    fleet = Threads("a", "b")
    assert comparable(judged(Remote(fleet), jobs)) == here
    assert {result["source"] for result in here.values()} == {job.path for job in jobs}  # type: ignore[index]
    assert list(supply.private_root().glob("*/")) == []


def test_the_assignment_is_sent_once_to_a_machine_and_nothing_of_another_job_with_a_job(
    judged: Judged, jobs: list[Job]
) -> None:
    fleet = Threads("a", "b", host="one machine")
    judged(Remote(fleet), jobs, plain=True)
    requests = [msgpack.unpackb(call.message) for _, call in fleet.sent]
    assert sum("bundle" in request for request in requests) == 1
    parcels = [
        msgpack.unpackb(each["parcel"], unicode_errors="surrogateescape") for each in requests if "parcel" in each
    ]
    assert [len(places) for _, places, _, _ in parcels] == [1] * len(jobs)
    bundle = next(request["bundle"] for request in requests if "bundle" in request)
    names = [name for name, _ in msgpack.unpackb(bundle)[1]]
    assert "solutions/hw7_tiny/checks/test_hidden.py" in names
    assert not [name for name in names if "mutants" in name or "grading.toml" in name or ".cache" in name]


def test_who_is_with_a_worker_that_is_killed_is_judged_by_another(
    judged: Judged, jobs: list[Job], here: dict[str, object]
) -> None:
    fleet, lost = Threads("a", "b"), list[str]()

    def started(job: Job) -> None:
        if job.name == jobs[5].name and not lost:
            lost.append("a")
            fleet.lose("a")
            fleet.join("c")

    assert comparable(judged(Remote(fleet), jobs, started=started)) == here
    assert {worker for worker, call in fleet.sent if b"parcel" in call.message} >= {"a", "b"}


def test_who_is_interrupted_twice_is_our_error_and_the_others_are_graded(
    judged: Judged, jobs: list[Job], here: dict[str, object], tiny: Assignment
) -> None:
    fleet, names = Threads("a"), iter("bcd")

    def started(job: Job) -> None:
        if job.name == "waits":
            (worker,) = fleet._workers
            fleet.join(next(names))
            fleet.lose(worker)

    found = judged(Remote(fleet), [waiting(tiny), *jobs[:3]], started=started)
    ours = found.pop("waits")
    assert ours.verdict == "grader_error"
    assert "The cluster's worker b ended. So ended 2 attempts to judge it." in ours.checks[0].detail
    assert comparable(found) == {job.name: here[job.name] for job in jobs[:3]}


@pytest.mark.parametrize("whom", ["helper", "fork server", "lane"])
def test_what_is_killed_beside_a_worker_costs_nobody_a_point(
    whom: str, judged: Judged, jobs: list[Job], here: dict[str, object], below: Callable[[str], list[int]]
) -> None:
    killed = list[int]()

    def started(job: Job) -> None:
        if job.name == jobs[6].name and not killed:
            killed.append(below(whom)[0])
            os.kill(killed[0], signal.SIGKILL)

    assert comparable(judged(Remote(Threads("a")), jobs, started=started)) == here
    assert killed
    assert below("helper") == []


def test_where_the_scheduler_is_lost_the_run_ends_with_what_there_is(judged: Judged, jobs: list[Job]) -> None:
    fleet = Threads("a")
    with pytest.raises(SandboxError, match="scheduler is gone"):
        judged(Remote(fleet), jobs, started=lambda job: fleet.lose_scheduler() if job.name == jobs[3].name else None)


def test_without_workers_a_run_waits_and_then_ends(judged: Judged, jobs: list[Job]) -> None:
    with pytest.raises(SandboxError, match=r"no worker for 1 s\. Start some"):
        judged(Remote(Threads(), wait_s=1), jobs)


def test_stopped_gently_what_is_judged_is_finished(judged: Judged, jobs: list[Job]) -> None:
    asked = list[str]()
    found = judged(
        Remote(Threads("a")), jobs, plain=True, started=lambda job: asked.append(job.name), stop=lambda: len(asked) >= 2
    )
    assert list(found) == asked == [job.name for job in jobs[:2]]


def test_a_helper_that_nobody_asked_for_long_is_started_again(
    judged: Judged, jobs: list[Job], here: dict[str, object], below: Callable[[str], list[int]]
) -> None:
    seen = list[int]()

    class Forgetful(Threads):
        def send(self, worker: str, ticket: int, call: Any) -> None:
            if b"parcel" in call.message and not seen:
                seen.extend(below("helper"))
                station.end(f"{call.run} {worker}")
            super().send(worker, ticket, call)

    assert comparable(judged(Remote(Forgetful("a")), jobs)) == here
    assert seen


def test_another_grader_on_a_worker_is_refused(
    judged: Judged, jobs: list[Job], monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = alike.likeness()
    monkeypatch.setattr(remote, "likeness", lambda: {**ours, alike.GRADER: "0123"})
    with pytest.raises(
        SandboxError, match=r"worker a: this worker has the grader's files \w+, and this run 0123\. Inst"
    ):
        judged(Remote(Threads("a")), jobs)


def test_what_must_be_alike_is_said_with_what_to_do() -> None:
    ours = alike.likeness()
    assert {alike.GRADER, alike.PROCESSOR, "python", "torch", "numpy", "pytest"} <= set(ours)
    assert alike.difference(ours, ours) == ""
    assert "constraints.txt" in alike.difference(ours, {**ours, "torch": "1.0"})
    assert "of one kind" in alike.difference(ours, {**ours, alike.PROCESSOR: "arm"})
    assert "has torch none" in alike.difference(ours, {name: of for name, of in ours.items() if name != "torch"})


def test_broken_checks_are_the_courses_fault(judged: Judged, jobs: list[Job], tmp_path: Path, tiny: Assignment) -> None:
    home = tmp_path / "broken"
    shutil.copytree(tiny.folder.parents[1], home, ignore=shutil.ignore_patterns(".cache"))
    (home / "solutions/hw7_tiny/checks/test_hidden.py").write_text("import nothing_like_it\n")
    with pytest.raises(CourseError, match="nothing_like_it"):
        list(grade(jobs, load_course(home).assignment("hw7"), 7, engine=Remote(Threads("a"))))


def test_other_judges_work_here_only(judged: Judged, jobs: list[Job]) -> None:
    class Other(Judge):
        pass

    engine: Engine = Remote(Threads())
    with pytest.raises(SandboxError, match="one machine only"):
        judged(engine, jobs, judge=Other)


def test_what_cannot_be_read_here_is_our_error(judged: Judged, jobs: list[Job]) -> None:
    gone = replace(jobs[0], path=f"{jobs[0].path}.gone", name="gone")
    found = judged(Remote(Threads("a")), [gone, jobs[1]], plain=True)
    assert found["gone"].verdict == "grader_error"
    assert "cannot be read: No such file" in found["gone"].checks[0].detail
    assert found[jobs[1].name].verdict != "grader_error"


def test_only_their_owner_may_read_what_lies_on_a_worker(tiny: Assignment) -> None:
    bundle = supply.packed(tiny)
    with supply.Supply(supply.digest_of(bundle)) as held:
        held.unpack(bundle)
        with held.work() as folder:
            assert stat.S_IMODE(folder.stat().st_mode) == 0o700
            (folder / "theirs.py").write_text("1")
        assert not folder.exists()
        assert stat.S_IMODE(supply.private_root().stat().st_mode) == stat.S_IMODE(held.folder.stat().st_mode) == 0o700
        assert held.assignment(tiny.name).modules == tiny.modules
        with supply.Supply(supply.digest_of(bundle)) as second:
            assert second.there
        assert held.there
    assert not held.folder.exists()


def test_what_a_killed_run_left_is_removed_by_the_next(tiny: Assignment) -> None:
    bundle = supply.packed(tiny)
    left = supply.private_root() / ("0" * 32)
    left.mkdir(mode=0o700, exist_ok=True)
    (left / "theirs.py").write_text("1")
    with supply.Supply(supply.digest_of(bundle)):
        assert not left.exists()


def test_a_damaged_assignment_is_refused(tiny: Assignment) -> None:
    bundle = supply.packed(tiny)
    with supply.Supply(supply.digest_of(bundle)) as held, pytest.raises(SandboxError, match="damaged"):
        held.unpack(bundle[:-1])


def test_a_worker_that_never_begins_gets_no_job(judged: Judged, jobs: list[Job], here: dict[str, object]) -> None:
    class Deaf(Threads):
        def send(self, worker: str, ticket: int, call: Any) -> None:
            if worker != "deaf":
                super().send(worker, ticket, call)

    assert comparable(judged(Remote(Deaf("deaf", "b")), jobs)) == here


@pytest.mark.parametrize("homework", load_course(REPOSITORY).names())
def test_of_each_homework_a_worker_gets_all_that_its_bounds_were_measured_with(homework: str) -> None:
    assignment = load_course(REPOSITORY).assignment(homework)
    bundle = supply.packed(assignment)
    with supply.Supply(supply.digest_of(bundle)) as held:
        held.unpack(bundle)
        there = held.assignment(assignment.name)
        assert depends(there) == depends(assignment)
        assert Wanted.of(there) == Wanted.of(assignment)
        assert there.preload_digests == assignment.preload_digests
