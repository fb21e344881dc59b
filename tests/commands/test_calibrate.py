"""What a TA and an author are told about a calibration."""

from pathlib import Path
from typing import Any

from click.testing import CliRunner

from grader.cli import main

House = Any  # tests/conftest.py

CHECK = """
    @problem("2", points=1)
    def test_exact(ask: Ask) -> None:
        '''Exact.'''
        ask("mean", x=np.ones(3)).same_as_reference()


    @problem("1", points=1)
    def test_noisy(ask: Ask, calibrated) -> None:
        '''Twice one, more or less.'''
        calibrated("size", float(ask("twice", x=np.array(1.0)).value) + ask.rng.normal() / 10)
"""


def typed(house: House, *words: object) -> tuple[int, str]:
    done = CliRunner().invoke(main, ["--course", str(house.folder), *map(str, words)], catch_exceptions=False)
    return done.exit_code, " ".join(done.output.split())


def test_a_class_without_calibration_is_not_graded_and_the_ta_is_told_what_to_do(house: House, tmp_path: Path) -> None:
    house.checks(CHECK, points={"1": 1, "2": 1})
    (tmp_path / "class").mkdir()
    (tmp_path / "class" / "ada.py").write_text(house.reference)
    words = ["grade", "hw7", "--submissions", tmp_path / "class", "--out", tmp_path / "out", "--allow-weak"]
    status, said = typed(house, *words)
    assert status == 1
    assert "Not graded, by our own mistake: ada." in said
    assert "calibration.json: is missing" in said
    assert "Run: make calibrate HW=hw7" in said
    assert not (tmp_path / "out" / "ada.json").exists()  # no zero, and no grade of an earlier run replaced


def test_with_nothing_to_calibrate_the_command_says_so(house: House) -> None:
    status, said = typed(house, "calibrate", "hw7")
    assert status == 2
    assert "hw7_tiny: no check uses `calibrated`: there is nothing to calibrate." in said
