"""What was tried is promised, and what was not is said in every result."""

import platform
import tomllib
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

from grader.commands.doctor import about_versions
from grader.judge import tried
from grader.judge.tried import TRIED, minor, untried

House = Any  # tests/conftest.py
REPO = Path(__file__).parents[2]


def number(minor_version: str) -> tuple[int, ...]:
    return tuple(map(int, minor_version.split(".")))


def test_a_version_counts_as_tried_by_its_first_two_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tried, "TRIED", {"Python": ("3.11", "3.12"), "torch": ("2.13",)})
    assert untried({"Python": "3.12.1", "torch": "2.13.0+cpu"}) == ()
    assert untried({"Python": "3.1.1", "torch": "2.13.7"}) == ("Python 3.1.1 (tried: 3.11, 3.12)",)
    assert untried({"torch": "2.130.0", "Python": "3.11"}) == ("torch 2.130.0 (tried: 2.13)",)


def test_the_oldest_that_was_tried_is_what_the_package_demands_and_what_ci_runs_was_tried() -> None:
    project = tomllib.loads((REPO / "pyproject.toml").read_text())["project"]
    oldest = {name: min(versions, key=number) for name, versions in TRIED.items()}
    assert project["requires-python"] == f">={oldest['Python']}"
    assert f"torch>={oldest['torch']}" in project["dependencies"]
    (pin,) = [line for line in (REPO / "constraints.txt").read_text().splitlines() if line.startswith("torch==")]
    assert minor(pin.removeprefix("torch==")) in TRIED["torch"]


def test_a_result_says_which_version_nobody_has_tried(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    now = {"Python": platform.python_version(), "torch": version("torch")}
    (result,) = house.judge(house.reference)
    assert result.environment.untried == untried(now)
    monkeypatch.setattr(tried, "TRIED", {"Python": ("3.0",), "torch": (minor(now["torch"]),)})
    (result,) = house.judge(house.reference)
    assert result.environment.untried == (f"Python {now['Python']} (tried: 3.0)",)
    assert result.for_student().environment.untried == result.environment.untried


def test_the_doctor_says_it_too() -> None:
    known = {name: f"{versions[0]}.0" for name, versions in TRIED.items()}
    said = about_versions(known["Python"], known["torch"])
    assert (said.plain, said.style) == (
        f"Python {known['Python']}, PyTorch {known['torch']}: what all tests and proofs were run with.", ""
    )  # fmt: skip
    said = about_versions(known["Python"], "1.0.0+cpu")
    assert f"Not tried with this grader: torch 1.0.0+cpu (tried: {', '.join(TRIED['torch'])})." in said.plain
    assert said.style == "yellow"
