"""The pytest plugin. With `--submission`, a pytest session becomes a judge of that submission:

    pytest solutions/hw0_multitask --submission path/to/submission

Without it the plugin does nothing but explain the `problem` mark.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

import pytest

from grader.errors import GraderError

if TYPE_CHECKING:
    from grader.judge.ask import Ask, Credit
    from grader.judge.calibrated import Calibrated
    from grader.judge.session import Judge

JUDGE = "grader-judge"


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("grader", "judging a submission")
    group.addoption("--submission", metavar="PATH", help="the folder, .py, zip or tar to judge")
    group.addoption(
        "--engine",
        choices=("confined", "spawned", "inline"),
        default="confined",
        help="where its code runs: in the sandbox, in a plain process, or (for a debugger) in this one",
    )
    group.addoption(
        "--leave-out",
        action="store_true",
        help="where weights are missing, leave out the checks that need them, and say which",
    )
    group.addoption("--grading-seed", type=int, help="seed of the hidden inputs (default: the course's)")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "problem(check): this function is a check of a homework problem")
    if config.getoption("--submission") and not config.pluginmanager.has_plugin(JUDGE):
        from grader.judge.single import judge_for

        try:
            judge = judge_for(config)
        except GraderError as error:
            raise pytest.UsageError(str(error)) from None
        judge.enlist(config.pluginmanager)


def _judge(config: pytest.Config) -> Judge:
    judge: Judge | None = config.pluginmanager.get_plugin(JUDGE)
    if judge is None:
        raise pytest.UsageError("A check needs a submission: add --submission PATH.")
    return judge


@pytest.fixture
def ask(request: pytest.FixtureRequest) -> Ask:
    """Questions to the submission under test and to the reference."""
    return _judge(request.config).running.ask(request.node)


@pytest.fixture
def credit() -> Credit:
    """Ends a check with a part of its points."""
    from grader.judge.ask import Credit

    return Credit()


@pytest.fixture
def calibrated(request: pytest.FixtureRequest) -> Calibrated:
    """Judges metrics by bounds that come from right solutions. Hidden checks only: students have no calibration."""
    return _judge(request.config).running.calibrated(request.node)


@pytest.fixture(scope="session")
def assignment_folder(request: pytest.FixtureRequest) -> Path:
    """`assignments/<name>`: for checks that use what students receive, such as a data generator."""
    return _judge(request.config).assignment.folder


@pytest.fixture(scope="session")
def shared_module(request: pytest.FixtureRequest) -> Callable[[str], ModuleType]:
    """`shared_module("characters")` is the module characters.py of the shared folder `assignments/characters`.

    The homework's assignment.toml names the folder in `shared`; a `CourseError` says so if it does not.
    """
    from grader.judge.shared import load_shared

    assignment = _judge(request.config).assignment
    return lambda name: load_shared(assignment, name)
