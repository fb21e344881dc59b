"""Known mistakes are judged once for a seed, kept, and compared with every submission of that seed."""

import errno
import os
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent
from typing import Any

import numpy as np
import pytest

from grader.batch.class_run import Job, grade
from grader.judge.calibration import Calibration, Caught, CheckCalibration, Metric, depends
from grader.judge.result import Result
from grader.proof.specimens import mistakes, specimens
from grader.report.calibration import calibration_text

House = Any  # tests/conftest.py


def graded(house: House, *jobs: Job, seed: int = 7, known: bool = True) -> tuple[dict[str, Result], list[str]]:
    """Results by name, and the known mistakes that had to be judged first."""
    assignment, learned = house.assignment, list[str]()
    found = mistakes(assignment) if known else ()
    results = grade(
        jobs,
        assignment,
        seed,
        sandbox=house.sandbox,
        allow_weak=True,
        lane_count=2,
        mistakes=found,
        started=lambda job: learned.append(job.name) if job.witness else None,
    )
    return {job.name: result for job, result in results}, sorted(learned)


def named(result: Result) -> set[str]:
    return {check.diagnosis.mutant for check in result.checks if check.diagnosis}


def test_a_known_mistake_is_learned_once_and_recognised(house: House) -> None:
    modules = {each.name: each.modules for each in specimens(house.assignment)}
    own = {"tiny": house.but("def mean(values):\n    doubled = values + values\n    return doubled.sum()\n")}
    jobs = [Job("sums", modules=modules["sums"]), Job("ada", modules=own), Job("right", modules=modules["reference"])]
    results, learned = graded(house, *jobs)
    assert learned == ["sums"]  # nobody failed in problem 1
    assert set(results) == {"sums", "ada", "right"}  # witnesses are not in the class
    assert named(results["sums"]) == {"sums"}
    assert named(results["right"]) == set()
    again, learned = graded(house, *jobs)
    assert learned == []
    assert named(again["sums"]) == {"sums"}
    assert graded(house, *jobs, seed=8)[1] == ["sums"]
    assert graded(house, jobs[-1], seed=9)[1] == []  # a class without mistakes pays nothing


def test_everybody_is_graded_before_anything_is_explained(house: House) -> None:
    modules = {each.name: each.modules for each in specimens(house.assignment)}
    happened: list[tuple[str, str, set[str]]] = []
    jobs = [Job(name, modules=modules[name], remarks=("a remark",)) for name in ("sums", "reference", "squares")]
    results = grade(
        jobs,
        house.assignment,
        7,
        sandbox=house.sandbox,
        allow_weak=True,
        lane_count=1,
        mistakes=mistakes(house.assignment),
        started=lambda job: happened.append(("learned" if job.witness else "begun", job.name, set())),
        early=lambda job, result: happened.append(("graded", job.name, named(result))),
    )
    came = {}
    for job, result in results:
        happened.append(("done", job.name, named(result)))
        came[job.name] = result
    assert [what for what, _, _ in happened] == [
        *("begun", "begun", "graded", "begun", "done", "graded"),  # a lane has the next before anybody hears
        *("learned", "learned", "done", "done"),
    ]
    assert happened[2] == ("graded", "sums", set())
    assert happened[-2:] == [("done", "sums", {"sums"}), ("done", "squares", {"squares"})]
    assert {result.remarks for result in came.values()} == {("a remark",)}


def test_a_diagnosis_carries_the_sentence_and_the_hint(house: House) -> None:
    modules = {each.name: each.modules for each in specimens(house.assignment)}
    results, _ = graded(house, Job("sums", modules=modules["sums"]))
    (told,) = {check.diagnosis for check in results["sums"].checks if check.diagnosis}
    mutant = next(each for each in specimens(house.assignment) if each.name == "sums")
    assert (told.says, told.hint, told.shown) == (mutant.says, mutant.hint, "always")


def test_inputs_of_another_seed_are_not_compared(house: House) -> None:
    modules = {each.name: each.modules for each in specimens(house.assignment)}
    results, _ = graded(house, Job("sums", modules=modules["sums"], seed=9))
    assert "sums" not in named(results["sums"])


def test_what_was_kept_is_asked_again_when_a_check_changes(house: House) -> None:
    modules = {each.name: each.modules for each in specimens(house.assignment)}
    job = Job("sums", modules=modules["sums"])
    graded(house, job)
    checks = house.assignment.solution / "checks" / "test_hidden.py"
    checks.write_text(checks.read_text() + "\n# changed\n")
    results, learned = graded(house, job)
    assert learned == ["sums"]
    assert named(results["sums"]) == {"sums"}


def rubbish(frames: list[Path]) -> None:
    for frame in frames:
        frame.write_bytes(b"rubbish")


def cut(frames: list[Path]) -> None:
    for frame in frames:
        frame.write_bytes(frame.read_bytes()[:-1])


def turned(frames: list[Path]) -> None:
    """One bit of each, far behind the header: such a frame can still be read."""
    for frame in frames:
        content = bytearray(frame.read_bytes())
        content[-1] ^= 1
        frame.write_bytes(content)


def swapped(frames: list[Path]) -> None:
    one, other = (frame.read_bytes() for frame in frames)
    frames[0].write_bytes(other)
    frames[1].write_bytes(one)


@pytest.mark.parametrize("damage", [rubbish, cut, turned, swapped])
def test_what_is_not_as_it_was_kept_is_judged_anew(house: House, damage: Callable[[list[Path]], None]) -> None:
    modules = {each.name: each.modules for each in specimens(house.assignment)}
    jobs = [Job(name, modules=modules[name]) for name in ("sums", "squares")]
    before, _ = graded(house, *jobs)
    damage(sorted((house.assignment.solution / ".cache" / "mistakes").glob("*.frame")))
    results, learned = graded(house, *jobs)
    assert learned == ["squares", "sums"]
    assert named(results["sums"]) == named(before["sums"]) == {"sums"}
    assert graded(house, *jobs)[1] == []


def test_a_known_mistake_that_meets_a_mistake_of_ours_is_told_and_never_kept(house: House) -> None:
    checks = house.assignment.solution / "checks" / "test_hidden.py"
    broken = """
    @problem("2", points=0)
    def test_that_breaks_on_wrong_sums(ask: Ask) -> None:
        '''It.'''
        if float(ask("mean", x=np.arange(3.0)).value) > 5:
            raise GraderError("no more of this")
    """
    checks.write_text(checks.read_text() + "\n\nfrom grader.errors import GraderError\n" + dedent(broken))
    warned, learned = list[str](), list[str]()
    assignment = house.assignment
    for turn in (1, 2):
        results = grade(
            [Job("ada", modules={"tiny": house.but("def mean(x):\n    return -x.sum()\n")})],
            assignment,
            7,
            sandbox=house.sandbox,
            allow_weak=True,
            mistakes=mistakes(assignment),
            started=lambda job: learned.append(job.name) if job.witness else None,
            warn=warned.append,
        )
        assert [result.points for _, result in results] == [3]
        assert learned.count("sums") == 3 * turn  # twice more, in case that it was a matter of chance
    assert len(warned) == 2
    assert "Judging the known mistake sums met a mistake of ours" in warned[0]
    assert "no more of this" in warned[0]


def test_what_another_processor_made_of_a_mistake_is_not_believed_here(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    modules = {each.name: each.modules for each in specimens(house.assignment)}
    job = Job("sums", modules=modules["sums"])
    monkeypatch.setenv("ATEN_CPU_CAPABILITY", "avx2")
    assert graded(house, job)[1] == ["sums"]
    monkeypatch.setenv("ATEN_CPU_CAPABILITY", "default")
    results, learned = graded(house, job)
    assert learned == ["sums"]
    assert named(results["sums"]) == {"sums"}
    assert graded(house, job)[1] == []


def test_what_was_kept_is_asked_again_when_a_shared_folder_changes(house: House) -> None:
    place = house.shares()
    job = Job("ada", modules={"tiny": house.but("def mean(x):\n    return -x.sum()\n")})
    assert graded(house, job)[1] == ["sums"]
    assert graded(house, job)[1] == []
    np.savez(place / "pictures.npz", images=np.eye(4))
    assert graded(house, job)[1] == ["sums"]


def test_without_known_mistakes_nothing_is_learned(house: House) -> None:
    modules = {each.name: each.modules for each in specimens(house.assignment)}
    results, learned = graded(house, Job("sums", modules=modules["sums"]), known=False)
    assert learned == []
    assert results["sums"].verdict == "failed"


TRAINED = """
    from pathlib import Path

    @problem("1", points=1)
    def test_twice(ask):
        '''Twice.'''
        ask("twice", x=ask.rng.normal(size=3)).same_as_reference()


    @problem("2", points=1NEEDS)
    def test_trained(ask, calibrated):
        '''As if it were trained.'''
        size = float(ask("mean", x=np.ones(3)).value)
        with Path(__file__).with_name("asked").open("a") as asked:
            asked.write(f"{size:g} ")
        calibrated("size", size, better="less")
"""


@pytest.mark.parametrize("needs", ["", ', needs="1"'])
def test_a_mistake_is_put_to_the_checks_of_its_own_problem_alone(house: House, needs: str) -> None:
    house.checks(dedent(TRAINED.replace("NEEDS", needs)), points={"1": 1, "2": 1})
    folder = house.assignment.solution
    (file,) = (folder / "checks").glob("test_*.py")
    check = CheckCalibration(
        file=f"checks/{file.name}",
        may_fail=0.05,
        confidence=0.95,
        metrics={"size": Metric(better="less", within="any number", bound=2.5, fits=(), right={}, wrong={})},
        caught={"squares": Caught(runs=100, caught=0, by_fit=0.0)},
        like_the_reference=(),
        not_measured={},
    )
    known = Calibration(made_with={}, depends=depends(house.assignment), mutants={}, checks={"test_trained": check})
    (folder / "calibration.json").write_text(calibration_text(known))
    for mutant in (folder / "mutants").glob("*.toml"):
        if mutant.stem not in ("sums", "squares"):
            mutant.unlink()
    own = house.but("def twice(x):\n    return -x\ndef mean(x):\n    return 3 * x.sum()\n")
    _, learned = graded(house, Job("ada", modules={"tiny": own}))
    assert learned == ["squares", "sums"]
    values = (folder / "checks" / "asked").read_text().split()
    # The submission's own, and of sums alone once, once more with other random streams, and on the further draw.
    assert [value for value in values if value != "9"] == ["6", "6", "6"]


def explains_nothing(*_: Any) -> Result:
    raise TypeError("an answer that nobody can compare")


def test_an_answer_that_cannot_be_compared_costs_nobody_else_an_explanation(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The lanes are forked from this process, and so explain with what is put there."""
    modules = {each.name: each.modules for each in specimens(house.assignment)}
    monkeypatch.setattr("grader.batch.lane.explained", explains_nothing)
    jobs = [Job("sums", modules=modules["sums"]), Job("squares", modules=modules["squares"])]
    results, _ = graded(house, *jobs)
    assert set(results) == {"sums", "squares"}
    for result in results.values():
        assert named(result) <= {""}
        assert 0 < result.points < result.max_points
        (remark,) = result.remarks
        assert remark == ("could not be compared with known mistakes (TypeError: an answer that nobody can compare)")


def test_where_there_is_no_room_to_wait_points_are_there_all_the_same(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> Any:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("grader.batch.explaining.Aside.put", full)
    modules = {each.name: each.modules for each in specimens(house.assignment)}
    warned: list[str] = []
    results = grade(
        [Job("sums", modules=modules["sums"])],
        house.assignment,
        7,
        sandbox=house.sandbox,
        allow_weak=True,
        mistakes=mistakes(house.assignment),
        warn=warned.append,
    )
    assert [result.verdict for _, result in results] == ["failed"]
    (said,) = warned
    assert "Not compared with known mistakes: 1 (sums, ...)" in said
    assert "No space left on device" in said
