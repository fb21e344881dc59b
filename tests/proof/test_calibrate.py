"""Calibrating the tiny course from end to end: measured, fitted, stored, shown, used by the judge, proved."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rich.console import Console

from grader.batch.journal import Journal
from grader.commands.calibrate import calibrate_homework
from grader.errors import CourseError
from grader.judge.calibration import NAME, Calibration, Caught, CheckCalibration, Fit, Metric, read_calibration
from grader.proof.calibrate import calibrate, caught, most_careful, seen_as
from grader.proof.calibrated import CAREFUL, CURRENT, FOLLOWS, TELLS, careful, prove_calibration
from grader.proof.checks import calibrated_checks, checks_of
from grader.proof.matrix import KillMatrix
from grader.proof.measure import seed_of
from grader.proof.specimens import specimens
from grader.report.calibration import calibration_text
from grader.report.calibration_page import picture_name

House = Any  # tests/conftest.py

CHECKS = """
    @problem("2", points=1)
    def test_exact(ask: Ask) -> None:
        '''Exact.'''
        ask("mean", x=np.ones(3)).same_as_reference()


    @problem("1", points=2)
    def test_noisy(ask: Ask, calibrated) -> None:
        '''Twice one, more or less.'''
        came = float(ask("twice", x=np.array(1.0)).value)
        calibrated("size", came + ask.rng.normal() / 10, baseline=1.0)
        calibrated("share", float(1 / (1 + np.exp(ask.rng.normal() - came))), within="0 to 1")
"""
MUTANTS = {
    "nearly": "return 2 * x - x.new_empty(()).uniform_()",  # its values overlap with right ones
    "half": "return x / 2 - 9",
    "crash": "raise ValueError",
}


@pytest.fixture
def noisy(house: House) -> House:
    house.checks(CHECKS, points={"1": 2, "2": 1})
    for name, body in MUTANTS.items():
        told = 'says = "You did it otherwise."\nproblem = "1"\nhint = "Do not."\n'
        change = f'[[change]]\nwhere = "tiny.twice"\nbefore = "return 2 * x"\nafter = "{body}"\n'
        (house.folder / "solutions/hw7_tiny/mutants" / f"{name}.toml").write_text(told + change)
    rounded = '"""Has numbers of its own."""\n\n\ndef twice(x):\n    return 2.0001 * x\n'
    (house.folder / "solutions/hw7_tiny/alternatives/rounds.py").write_text(rounded)
    return house


def quietly(house: House, seeds: int = 200) -> Calibration:
    return calibrate_homework(house.assignment, seeds, 2, Console(quiet=True), house.sandbox)


def broken(house: House, kills: dict[str, tuple[str, ...]] | None = None) -> dict[tuple[str, str], str]:
    """Statement and subject of what does not hold, and why."""
    assignment = house.assignment
    mutants = [specimen for specimen in specimens(assignment) if specimen.kind == "mutant"]
    matrix = KillMatrix(("test_exact", "test_noisy"), kills or {}, {})
    proofs = prove_calibration(assignment, calibrated_checks(assignment), mutants, matrix)
    return {(proof.statement, proof.specimen): proof.why_not for proof in proofs if not proof.held}


def test_from_end_to_end(noisy: House) -> None:
    found = quietly(noisy, 300)
    assert read_calibration(noisy.assignment) == found
    check = found.checks["test_noisy"]
    size = check.metrics["size"]
    # Right values are normal with mean 2 and deviation 0.1, and half of 1e-4 is this metric's share.
    assert 2 - 10 * 0.1 < size.bound < 2 - 3.9 * 0.1
    assert set(size.right) == {"reference", "rounds"}  # `adds` gives the very numbers of the reference
    assert [len(values) for values in size.right.values()] == [300, 300]
    assert "adds" in check.like_the_reference
    assert "sums" in check.like_the_reference  # a mistake in `mean`
    assert check.not_measured.keys() == {"crash"}
    assert check.not_measured["crash"].startswith("crashed: ")
    assert seen_as(check.caught["half"]) == "apart"
    assert seen_as(check.caught["nearly"]) == "overlaps"
    assert check.caught["half"].also_by == ("test_exact",)

    # The judge takes the bound; the page and a picture of each metric lie beside it.
    assert noisy.judge_one(noisy.reference)["test_noisy"].verdict == "passed"
    assert noisy.judge_one(noisy.but("def twice(x):\n    return x\n"))["test_noisy"].verdict == "failed"
    solution = noisy.folder / "solutions/hw7_tiny"
    page = (solution / "calibration.md").read_text()
    assert f"at least {size.bound:.4g}" in page
    assert "| nearly |" in page
    assert "**overlaps**" in page
    for picture in ("noisy_size", "noisy_share"):
        assert f"(calibration/{picture}.png)" in page
        assert (solution / "calibration" / f"{picture}.png").read_bytes().startswith(b"\x89PNG")

    # What was measured is not measured again.
    again: list[str] = []
    files = calibrated_checks(noisy.assignment)
    checks = checks_of(noisy.assignment)
    assert (
        calibrate(noisy.assignment, checks, files, 300, 2, lambda what, left: again.append(what), noisy.sandbox)
        == found
    )
    assert again == []

    # Everything holds, but that nobody else catches two of the mutants.
    kills = {"nearly": ("test_noisy",), "half": ("test_noisy", "test_exact"), "squares": ("test_exact",)}
    assert {subject for _, subject in broken(noisy, kills)} == {"test_noisy: nearly"}
    why = broken(noisy, kills)[TELLS, "test_noisy: nearly"]
    assert "its values overlap with right ones" in why
    assert "no other check catches it" in why
    assert broken(noisy, {**kills, "nearly": ("test_exact", "test_noisy")}) == {}

    # No model that fits: nobody knows how often right solutions fail.
    path = solution / NAME
    kept = path.read_text()
    fits = tuple(fit.model_copy(update={"p_value": 0.001}) for fit in size.fits)
    metrics = {**check.metrics, "size": size.model_copy(update={"fits": fits})}
    path.write_text(
        calibration_text(
            found.model_copy(update={"checks": {"test_noisy": check.model_copy(update={"metrics": metrics})}})
        )
    )
    assert "neither model fits" in broken(noisy)[CAREFUL, "test_noisy: size"]

    # A bound that somebody typed in, a mutant that was not measured, another reference.
    path.write_text(kept.replace(f'"bound": {size.bound}', '"bound": 1.9'))
    (solution / "mutants/later.toml").write_text((solution / "mutants/half.toml").read_text().replace("9", "8"))
    assert set(broken(noisy)) == {
        (FOLLOWS, "test_noisy: size"),
        (CAREFUL, "test_noisy: size"),
        (CURRENT, "mutants"),
    }
    assert noisy.judge_one(noisy.reference)["test_exact"].verdict == "passed"
    reference = solution / "tiny.py"
    reference.write_text(reference.read_text().replace("x.numel() == 0", "x.numel() < 1"))
    assert "tiny.py changed since" in broken(noisy)[CURRENT, "test_noisy"]
    path.unlink()
    assert "is missing" in broken(noisy)[CURRENT, "test_noisy"]


def test_a_right_solution_that_has_no_metric_stops_it_and_nothing_is_written(noisy: House) -> None:
    bad = '"""Divides."""\n\n\ndef twice(x):\n    return x / 0.0\n'
    (noisy.folder / "solutions/hw7_tiny/alternatives/divides.py").write_text(bad)
    with pytest.raises(CourseError, match="no metric of divides, which is right: size is no finite number"):
        quietly(noisy)
    assert not (noisy.folder / "solutions/hw7_tiny" / NAME).exists()


def test_too_few_seeds_are_refused_before_the_long_part(noisy: House) -> None:
    told: list[str] = []
    with pytest.raises(CourseError, match="10 seeds of 2 right solutions are too few for a bound: it takes 400 runs"):
        calibrate(
            noisy.assignment,
            checks_of(noisy.assignment),
            calibrated_checks(noisy.assignment),
            10,
            2,
            lambda what, left: told.append(what),
            noisy.sandbox,
        )
    assert set(told) >= {"reference", "adds", "nearly", "crash"}


def test_a_homework_without_calibrated_checks_has_nothing_to_prove_or_to_calibrate(house: House) -> None:
    assert broken(house) == {}
    with pytest.raises(CourseError, match="hw7_tiny: no check uses `calibrated`"):
        quietly(house)


# ---- parts ---------------------------------------------------------------------------------------------------------


def test_the_bound_is_the_most_careful_rounded_towards_demanding_less() -> None:
    fits = [Fit(model="normal", of="all", count=400, parameters={}, p_value=1.0, at=at) for at in (0.123456, 0.234567)]
    assert most_careful(fits, "more") == 0.1234
    assert most_careful(fits, "less") == 0.2346
    negative = [fits[0].model_copy(update={"at": -12.3456})]
    assert most_careful(negative, "more") == -12.35
    assert most_careful([fits[0].model_copy(update={"at": 0.0})], "more") == 0.0


def metric(wrong: dict[str, tuple[float | None, ...]]) -> Metric:
    right = tuple(np.random.default_rng(1).normal(10, 1, 400).tolist())
    return Metric(better="more", within="any number", bound=5.0, fits=(), right={"reference": right}, wrong=wrong)


def test_a_mutant_is_counted_as_caught_in_any_metric() -> None:
    metrics = {"a": metric({"m": (4.0, 6.0, None, 6.0)}), "b": metric({"m": (6.0, 6.0, 6.0, 3.0)})}
    found = caught("m", metrics)
    assert (found.runs, found.caught) == (4, 3)
    assert seen_as(found) == "overlaps"


@pytest.mark.parametrize(
    ("values", "word"),
    [((1.0, 1.5, 1.2), "apart"), ((9.0, 10.5, 9.7), "unseen"), ((4.0, 6.0, 5.0), "overlaps"), ((None, None), "apart")],
)
def test_how_a_mutant_is_seen(values: tuple[float | None, ...], word: str) -> None:
    assert seen_as(caught("m", {"a": metric({"m": values})})) == word


def test_the_file_can_be_read_line_by_line_and_comes_back(tmp_path: Path) -> None:
    check = CheckCalibration(
        file="checks/test_a.py",
        may_fail=1e-4,
        confidence=0.95,
        metrics={"a": metric({"m": (1.0, None, -2.5e-7)})},
        caught={"m": Caught(runs=3, caught=2, by_fit=0.5)},
        like_the_reference=("b", "c"),
        not_measured={},
    )
    calibration = Calibration(made_with={}, depends={}, mutants={}, checks={"test_a": check})
    text = calibration_text(calibration)
    assert Calibration.model_validate(json.loads(text)) == calibration
    (line,) = [line for line in text.splitlines() if '"m": [' in line]
    assert line.strip() == '"m": [1.0, null, -2.5e-7]'


def test_seeds_of_one_solution_do_not_depend_on_the_others() -> None:
    seeds = {seed_of(name, i) for name in ("reference", "adds") for i in range(100)}
    assert len(seeds) == 200
    assert all(0 <= seed < 2**32 for seed in seeds)


def test_a_line_of_a_journal_that_was_changed_counts_for_nothing(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    Journal(path).note("a", {"x": 0.25})
    assert Journal(path).get("a") == {"x": 0.25}
    path.write_text(path.read_text().replace("0.25", "0.75"))
    assert Journal(path).get("a") is None


def test_a_journal_that_was_cut_short_keeps_what_was_whole(tmp_path: Path) -> None:
    path = tmp_path / "kept" / "journal.jsonl"
    journal = Journal(path)
    journal.note("a", {"x": 1})
    journal.note("b", {"x": None})
    path.write_bytes(path.read_bytes()[:-4])  # killed while it wrote
    later = Journal(path)
    assert later.get("a") == {"x": 1}
    assert later.get("b") is None
    later.note("b", {"x": 2})
    assert [Journal(path).get(key) for key in "ab"] == [{"x": 1}, {"x": 2}]


def test_as_many_right_values_as_stated_may_lie_beyond_a_bound() -> None:
    known = metric({}).model_copy(update={"bound": 8.36})  # about one in twenty lies below
    missed = sum(value < 8.36 for value in known.right["reference"])
    assert 10 < missed < 30
    assert careful("test_fit", "size", known, 0.1).held
    few = careful("test_fit", "size", known, 1e-4)
    assert (few.held, few.why_not) == (False, f"{missed} of 400 right values are beyond the bound")


def test_two_checks_may_give_a_metric_the_same_name() -> None:
    assert picture_name("test_one", "gain, in %") == "one_gain_in.png"
    assert picture_name("test_other", "gain, in %") == "other_gain_in.png"
