"""Right solutions on fresh seeds: graded once, kept, counted where a check fails them."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from grader.commands.calibrate import calibrate_homework
from grader.errors import CourseError
from grader.judge.result import Measurement
from grader.proof.fresh import PILOT, Graded, Right, right_on_fresh_seeds
from grader.report.fresh import fresh_tables


def shown(found: list[Right]) -> str:
    text = io.StringIO()
    Console(file=text, width=200, color_system=None).print(fresh_tables(found))
    return text.getvalue()


def test_every_right_solution_is_graded_once_on_each_seed(house: Any) -> None:
    told: list[int] = []
    found = right_on_fresh_seeds(house.assignment, 3, 1, told.append, house.sandbox)
    assert [(right.specimen, len(right.gradings), right.failed) for right in found] == [
        ("reference", 3, 0),
        ("adds", 3, 0),
    ]
    assert told == [5, 4, 3, 2, 1, 0]
    again = right_on_fresh_seeds(house.assignment, 4, 1, told.append, house.sandbox)
    assert told[6:] == [1, 0]  # one more seed of each; the others are known
    assert [right.gradings[:3] for right in again] == [right.gradings for right in found]
    text = shown(again)  # solutions share their seeds, so only seeds count as independent
    assert "0 of 8 gradings of right solutions failed a check, on 0 of 4 seeds; " in text
    assert "less than 52.7% of seeds" in text  # 1 - 0.05 ** (1 / 4)


def test_a_right_solution_that_fails_is_counted_by_check(house: Any) -> None:
    path = Path(house.folder / "solutions/hw7_tiny/alternatives/adds.py")
    path.write_text(path.read_text().replace("return x + x", "return x + x + 1"))
    reference, adds = right_on_fresh_seeds(house.assignment, 2, 1, sandbox=house.sandbox)
    assert (reference.failed, adds.failed) == (0, 2)
    text = shown([reference, adds])
    assert "2 of 4 gradings of right solutions failed a check, on 2 of 2 seeds" in text
    assert "test_twice failed: 2 times" in text


NOISY = """
    @problem("1", points=2)
    def test_exact(ask: Ask) -> None:
        '''Exact.'''
        ask("mean", x=np.ones(3)).same_as_reference()


    @problem("2", points=1)
    def test_noisy(ask: Ask, calibrated) -> None:
        '''Twice one, more or less.'''
        calibrated("size", float(ask("twice", x=np.array(1.0)).value) + ask.rng.normal() / 10, baseline=1.0)
"""


OTHER = '''"""Has numbers of its own."""


def twice(x):
    return 2.0001 * x


def mean(x):
    return (x + x).mean()
'''


def test_the_reference_stands_for_what_computes_the_same_in_calibrated_checks(
    house: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("grader.proof.calibrate.FEWEST", 80)
    solution = house.folder / "solutions/hw7_tiny"
    for path in (solution / "mutants").glob("*.toml"):
        path.unlink()
    house.checks(NOISY, points={"1": 2, "2": 1})
    other = solution / "alternatives/rounds.py"
    other.write_text(OTHER)
    wrong = solution / "alternatives/fails.py"
    wrong.write_text('"""Is wrong elsewhere."""\n\n\ndef mean(x):\n    return x.mean() + 5\n')
    calibrate_homework(house.assignment, 40, 2, Console(quiet=True), house.sandbox)
    right = right_on_fresh_seeds(house.assignment, PILOT + 4, 2, sandbox=house.sandbox, shared=True)
    assert {each.specimen: (len(each.gradings), each.stood_for) for each in right} == {
        "reference": (PILOT + 4, 0),
        "adds": (PILOT + 4, 4),
        "fails": (PILOT + 4, 4),
        "rounds": (PILOT + 4, 0),
    }
    assert {each.specimen: each.failed for each in right if each.failed} == {"fails": PILOT + 4}  # its exact check
    by_name = {each.specimen: each for each in right}
    assert [len(each.metrics) for each in by_name["adds"].gradings] == PILOT * [1] + 4 * [0]
    assert "2 of the solutions gave the reference's very numbers in the calibrated checks on 10 seeds." in shown(right)


def test_where_the_reference_fails_a_calibrated_check_so_does_whom_it_stands_for(
    house: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("grader.proof.calibrate.FEWEST", 80)
    solution = house.folder / "solutions/hw7_tiny"
    for path in (solution / "mutants").glob("*.toml"):
        path.unlink()
    house.checks(NOISY, points={"1": 2, "2": 1})
    calibrate_homework(house.assignment, 80, 2, Console(quiet=True), house.sandbox)
    kept = solution / "calibration.json"
    found = json.loads(kept.read_text())
    found["checks"]["test_noisy"]["metrics"]["size"]["bound"] = 2.0  # half of all seeds are below
    kept.write_text(json.dumps(found))
    reference, adds = right_on_fresh_seeds(house.assignment, PILOT + 8, 2, sandbox=house.sandbox, shared=True)
    assert 0 < reference.failed < PILOT + 8
    assert [each.failed for each in adds.gradings] == [each.failed for each in reference.gradings]


def test_a_grading_that_met_a_mistake_of_ours_says_nothing_and_is_not_kept(house: Any) -> None:
    house.checks(
        """
        from pathlib import Path
        from grader.errors import GraderError

        @problem("1", points=1)
        def test_it(ask: Ask) -> None:
            '''It.'''
            if Path(__file__).with_name("broken").exists():
                raise GraderError("broken on purpose")
            ask("twice", x=np.ones(2)).same_as_reference()
        """
    )
    for mutant in (house.assignment.solution / "mutants").glob("*.toml"):
        mutant.unlink()  # they are of problem 2
    broken = house.assignment.solution / "checks" / "broken"
    broken.touch()
    with pytest.raises(CourseError, match="broken on purpose"):
        right_on_fresh_seeds(house.assignment, 2, 1, sandbox=house.sandbox)
    broken.unlink()
    assert [right.failed for right in right_on_fresh_seeds(house.assignment, 2, 1, sandbox=house.sandbox)] == [0, 0]


def test_what_they_reach_is_shown_from_the_bad_end() -> None:
    values = [
        Measurement(metric="error", value=v, bound=9.0, better="less", within="0 or more") for v in (1.0, 2.0, 4.0)
    ]
    found = Right("reference", [Graded(failed={}, metrics=(("test_fit", each),), cpu_s=0.5) for each in values])
    (row,) = [line.split() for line in shown([found]).splitlines() if "test_fit: error" in line]
    assert row[2:] == ["9", "4", "3.96", "3.6", "2", "1", "3", "3"]
