"""A class, graded in lanes with confined workers."""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from grader.batch.class_run import Job, grade
from grader.course.secret import fingerprint
from grader.errors import CourseError, SandboxError
from grader.intake import Asked, look_through
from grader.judge.result import Result
from grader.sandbox.forked import Sandbox

House = Any  # tests/conftest.py


def graded(house: House, jobs: list[Job], **settings: Any) -> dict[str, Result]:
    shared = {} if "confinement" in settings else {"sandbox": house.sandbox}
    options = {"lane_count": 2, "allow_weak": True} | shared | settings
    results = [(job.name, result) for job, result in grade(jobs, house.assignment, 7, **options)]
    assert sorted(name for name, _ in results) == sorted(job.name for job in jobs)  # each once, and none forgotten
    return dict(results)


def job(name: str, source: str, **others: Any) -> Job:
    return Job(name, modules={"tiny": source}, **others)


def grades(result: Result) -> list[tuple[str, str, Fraction, str]]:
    return [(check.id, check.verdict, check.points, check.summary) for check in result.checks]


def test_a_class_gets_every_result_whatever_its_members_do(house: House, tmp_path: Path) -> None:
    folder = tmp_path / "class"
    folder.mkdir()
    (folder / "right.py").write_text(house.reference)
    (folder / "unreadable.zip").write_bytes(b"PK\x03\x04 cut short")
    jobs = [
        Job("right", str(folder / "right.py")),
        Job("unreadable", str(folder / "unreadable.zip")),
        Job("refused", str(folder / "right.py"), refusal="two submissions have this name"),
        Job("not_there", str(folder / "nobody.py")),
        job("stub", (house.folder / "assignments/hw7_tiny/tiny.py").read_text()),
        job("wrong", house.but("def twice(x):\n    return x\n")),
        job("dies", house.but("def twice(x):\n    import os\n    os._exit(0)\n")),
        job("prints", house.but("def twice(x):\n    print('hello')\n    return 2 * x\n")),
        job("loops", house.but("def twice(x):\n    while True:\n        pass\n")),
        job("big", house.but("def twice(x):\n    return x.new_zeros(40_000_000, dtype=x.dtype)\n")),
    ]
    seen = graded(house, jobs, sandbox=None)  # one of its own
    assert lanes() == []  # nothing is left running
    assert {name: result.verdict for name, result in seen.items()} == {
        "right": "passed",
        "unreadable": "invalid",
        "refused": "invalid",
        "not_there": "grader_error",  # our fault: no student is charged
        "stub": "missing",
        "wrong": "failed",
        "dies": "failed",
        "prints": "passed",
        "loops": "failed",
        "big": "failed",
    }
    assert {result.max_points for result in seen.values()} == {Fraction(11, 2)}
    assert {len(result.checks) for result in seen.values()} == {5}
    verdicts = {name: {check.id: check.verdict for check in result.checks} for name, result in seen.items()}
    assert verdicts["dies"]["test_twice"] == "crashed"  # status 0 is no success
    assert verdicts["loops"]["test_twice"] == "timeout"
    assert verdicts["loops"]["test_mean_of_nothing"] == "passed"  # a new process, and the rest of the time
    assert verdicts["big"]["test_twice"] == "failed"  # a large answer is read whole: no time-out
    assert "hello" in next(check.output for check in seen["prints"].checks if check.id == "test_twice")
    assert seen["refused"].problem == "two submissions have this name"
    assert "there is no such file" in seen["not_there"].checks[0].detail
    assert seen["loops"].points == Fraction(5, 2)  # problem 2 is right
    assert "seccomp" in seen["right"].environment.layers or seen["right"].environment.weak_confinement_allowed
    # Nothing of this depends on the order, or on who else is in the class.
    again = graded(house, [job for job in jobs[::-1] if job.name not in ("loops", "big")], lane_count=1)
    assert {name: grades(result) for name, result in again.items()} == {name: grades(seen[name]) for name in again}


def test_loose_files_are_one_submission_and_remarks_reach_the_result(house: House, tmp_path: Path) -> None:
    folder = tmp_path / "class"
    folder.mkdir()
    for name in ("ada_1_200001_tiny.py", "ada_1_200002_tiny-1.py", "ada_1_200003_plot.png", "bob_2_200004_tiny.py"):
        (folder / name).write_text(house.reference if "200001" not in name else "raise SystemExit\n")
    seen = graded(house, [Job.of(entry) for entry in look_through(folder, Asked.of(house.assignment)).entries])
    assert {name: result.verdict for name, result in seen.items()} == {"ada_1": "passed", "bob_2": "passed"}
    assert seen["ada_1"].remarks[0].startswith("2 uploads of tiny.py: the latest counts, ada_1_200002_tiny-1.py")
    assert seen["bob_2"].remarks == ()


def test_a_job_has_a_seed_of_its_own_if_it_likes(house: House) -> None:
    house.checks(
        """
        @problem("1", points=1)
        def test_it(ask: Ask) -> None:
            '''It.'''
            ask("twice", x=np.ones(1))
            check_that(False, came=str(ask.rng.normal()), expected="")
        """
    )
    jobs = [job(f"j{i}", house.reference, seed=seed) for i, seed in enumerate([None, 1, None, 2, 1])]
    seen = graded(house, jobs, lane_count=1)
    came = [seen[f"j{i}"].checks[0].came for i in range(5)]
    assert came[0] == came[2]  # the seed of a job ends with the job
    assert came[1] == came[4]
    assert len(set(came)) == 3
    assert [seen[f"j{i}"].environment.grading_seed for i in range(5)] == [fingerprint(seed) for seed in (7, 1, 7, 2, 1)]


def test_only_some_problems(house: House) -> None:
    seen = graded(house, [job("a", house.reference)], only=frozenset({"2"}))
    assert {check.problem for check in seen["a"].checks} == {"2"}
    assert seen["a"].max_points == Fraction(5, 2)


def test_checks_that_are_broken_are_told_once_and_at_once(house: House) -> None:
    house.checks("import no_such_module\n")
    with pytest.raises(CourseError, match=r"The checks of hw7_tiny cannot be run\.") as told:
        graded(house, [job(f"j{i}", house.reference) for i in range(3)])
    assert str(told.value).count("No module named 'no_such_module'") == 1


def test_weak_confinement_is_refused_unless_allowed_and_then_recorded(house: House) -> None:
    jobs = [job("a", house.reference)]
    with pytest.raises(SandboxError, match="type --allow-weak to grade all the same; every result will say so"):
        graded(house, jobs, confinement="bare", allow_weak=False)
    environment = graded(house, jobs, confinement="bare", allow_weak=True)["a"].environment
    assert environment.weak_confinement_allowed
    assert environment.confinement == "bare"


# ---- a lane that dies ----------------------------------------------------------------------------------------------


def lanes() -> list[int]:
    """The judge processes that this process has forked: those of our children that are called like us."""
    me, found = os.getpid(), []
    command = Path("/proc/self/cmdline").read_bytes()
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
                if parent == me and (entry / "cmdline").read_bytes() == command:
                    found.append(int(entry.name))
            except OSError:
                continue
    return found


@contextmanager
def killing(when: Any) -> Iterator[list[int]]:
    """Kills the first lane as soon as `when` is true."""
    killed: list[int] = []

    def wait_and_kill() -> None:
        deadline = time.monotonic() + 60
        while not when() and time.monotonic() < deadline:
            time.sleep(0.02)
        for pid in lanes()[:1]:
            os.kill(pid, signal.SIGKILL)
            killed.append(pid)

    thread = threading.Thread(target=wait_and_kill)
    thread.start()
    try:
        yield killed
    finally:
        thread.join()


def test_a_lane_that_is_killed_costs_nothing(house: House) -> None:
    slow = house.but("def twice(x):\n    import time\n    time.sleep(2)\n    return 2 * x\n")
    jobs = [job("slow", slow), *(job(f"j{i}", house.reference) for i in range(3))]
    begun: list[float] = []
    with killing(lambda: begun and time.monotonic() > begun[0] + 1.0) as killed:
        seen = graded(house, jobs, lane_count=1, started=lambda _: begun.append(time.monotonic()))
    assert len(killed) == 1
    assert {name: result.verdict for name, result in seen.items()} == dict.fromkeys(seen, "passed")


def test_a_submission_whose_lane_is_killed_twice_is_our_error_and_the_class_goes_on(house: House) -> None:
    """Only a bug of ours lets a submission end its lane. Here the check does it."""
    house.checks(
        """
        import os

        @problem("1", points=2)
        def test_it(ask: Ask) -> None:
            '''It.'''
            if float(ask("twice", x=np.ones(1))["value"].sum()) > 2:
                os._exit(9)
        """,
        points={"1": 2},
    )
    house.probes("def twice(x):\n    return {'value': tiny.twice(x)}\n")
    jobs = [
        job("ends_it", house.but("def twice(x):\n    return 3 * x\n")),
        *(job(f"j{i}", house.reference) for i in range(3)),
    ]
    seen = graded(house, jobs)
    assert [seen[f"j{i}"].verdict for i in range(3)] == ["passed"] * 3
    ours = seen["ends_it"]
    assert (ours.verdict, ours.points, ours.max_points) == ("grader_error", 0, 2)
    assert {check.verdict for check in ours.checks} == {"grader_error"}
    assert "The judge process ended (status 9) while it judged this submission." in ours.checks[0].detail
    assert "So ended 2 attempts to judge it." in ours.checks[0].detail


def test_an_idle_lane_that_is_killed_costs_nothing(house: House) -> None:
    slow = house.but("def twice(x):\n    import time\n    time.sleep(1.5)\n    return 2 * x\n")
    jobs = [job("slow", slow), job("quick", house.reference)]
    house.judge(house.reference)  # keeps the reference's answers, so that no lane needs a worker for it
    verdicts = {}
    for done, result in grade(jobs, house.assignment, 7, sandbox=house.sandbox, lane_count=2, allow_weak=True):
        verdicts[done.name] = result.verdict
        if done.name == "quick":  # its lane has let go of its worker, and so holds fewer files
            time.sleep(0.3)
            idle = min(lanes(), key=lambda pid: len(os.listdir(f"/proc/{pid}/fd")))
            os.kill(idle, signal.SIGKILL)
    assert verdicts == {"quick": "passed", "slow": "passed"}


# ---- the sandbox ---------------------------------------------------------------------------------------------------


def workers(sandbox: Sandbox) -> list[int]:
    """Every process below the fork server, and the server itself."""
    found, waiting = [], [sandbox.pid]
    while waiting:
        pid = waiting.pop()
        found.append(pid)
        for task in Path(f"/proc/{pid}/task").glob("*/children"):
            with suppress(OSError):
                waiting += map(int, task.read_text().split())
    return found


def test_one_sandbox_serves_many_gradings_and_keeps_nothing_of_them(house: House) -> None:
    with Sandbox(lanes=3) as sandbox:
        sandbox.wait()
        before = sorted(workers(sandbox))
        for count in (1, 2, 3):
            seen = graded(house, [job(f"j{i}", house.reference) for i in range(3)], sandbox=sandbox, lane_count=count)
            assert {result.verdict for result in seen.values()} == {"passed"}
            deadline = time.monotonic() + 10
            while sorted(workers(sandbox)) != before and time.monotonic() < deadline:
                time.sleep(0.05)
            assert sorted(workers(sandbox)) == before
        os.kill(sandbox.pid, signal.SIGKILL)  # between two gradings
        seen = graded(house, [job("after", house.reference)], sandbox=sandbox)
        assert seen["after"].verdict == "passed"


def kill_the_fork_server(sandbox: Sandbox, times: int, when: Callable[[int], bool]) -> threading.Thread:
    def wait_and_kill() -> None:
        for turn in range(times):
            killed = sandbox.pid
            while not when(turn) or len(workers(sandbox)) < 3:  # one of them is a submission's
                time.sleep(0.02)
            time.sleep(0.5)
            os.kill(killed, signal.SIGKILL)
            while sandbox.pid == killed:
                time.sleep(0.02)

    thread = threading.Thread(target=wait_and_kill)
    thread.start()
    return thread


SLOW = "def twice(x):\n    import time\n    time.sleep(3)\n    return 2 * x\n"


def test_a_fork_server_that_is_killed_costs_nobody_anything(house: House) -> None:
    jobs = [job("slow", house.but(SLOW)), *(job(f"j{i}", house.reference) for i in range(4))]
    with Sandbox(lanes=2) as sandbox:
        begun: list[Job] = []
        thread = kill_the_fork_server(sandbox, 1, lambda turn: bool(begun))
        seen = graded(house, jobs, sandbox=sandbox, started=begun.append)
        thread.join()
    assert {name: result.verdict for name, result in seen.items()} == dict.fromkeys(seen, "passed")


def test_killed_twice_with_the_same_submission_is_our_error_and_the_class_goes_on(house: House) -> None:
    jobs = [job("slow", house.but(SLOW)), *(job(f"j{i}", house.reference) for i in range(2))]
    with Sandbox(lanes=1) as sandbox:
        begun: list[str] = []
        thread = kill_the_fork_server(sandbox, 2, lambda turn: begun.count("slow") > turn)
        seen = graded(house, jobs, sandbox=sandbox, lane_count=1, started=lambda job: begun.append(job.name))
        thread.join()
    assert seen["slow"].verdict == "grader_error"
    assert "the fork server is gone" in seen["slow"].checks[0].detail
    assert [seen[f"j{i}"].verdict for i in range(2)] == ["passed"] * 2
