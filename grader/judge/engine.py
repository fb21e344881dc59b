"""Puts a judge together: where code runs, where the reference's answers come from, what is recorded of both."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from grader.course.assignment import Assignment
from grader.course.secret import Secret, fingerprint
from grader.judge.answers import RECORDED, Answers, RecordedAnswers, ReferenceAnswers
from grader.judge.result import Environment
from grader.judge.tried import untried
from grader.sandbox.inline import InlineHost
from grader.sandbox.limits import limits_of
from grader.sandbox.models import model_folders
from grader.sandbox.replies import NOTHING_GIVEN, StartHost
from grader.sandbox.spawned import SpawnedHost

if TYPE_CHECKING:
    from grader.judge.session import Judge


def inline(assignment: Assignment, *, debug: bool = False) -> StartHost:
    """Submissions run in this process."""
    probes, folders = assignment.probes, model_folders(assignment)
    return lambda modules, given=NOTHING_GIVEN: InlineHost(modules, probes, folders, debug=debug, given=given)


def spawned(assignment: Assignment) -> StartHost:
    """Submissions run in a process of their own, without confinement."""
    probes, limits, folders = assignment.probes, limits_of(assignment), model_folders(assignment)
    return lambda modules, given=NOTHING_GIVEN: SpawnedHost(modules, probes, limits, folders, given)


def answers_of(assignment: Assignment, start: StartHost) -> ReferenceAnswers:
    """The answers of the reference in `solutions/`, asked through `start` and cached there."""
    cache, models, reference = (
        assignment.solution / ".cache",
        assignment.preload_digests,
        assignment.sources(assignment.solution),
    )
    return ReferenceAnswers(lambda: start(reference), reference, assignment.probes, cache, models)


def recorded(assignment: Assignment) -> Answers:
    """The answers that ship with the public checks."""
    return RecordedAnswers(assignment.folder / RECORDED, assignment.probes)


def environment(grading_seed: Secret, confinement: str, *, weak_allowed: bool = False) -> Environment:
    """Versions and settings for the record."""
    python, torch = platform.python_version(), version("torch")
    return Environment(
        grader=_our_version(),
        python=python,
        torch=torch,
        numpy=version("numpy"),
        platform=platform.platform(),
        grading_seed=fingerprint(grading_seed),
        confinement=confinement,
        layers=(),
        weak_confinement_allowed=weak_allowed,
        untried=untried({"Python": python, "torch": torch}),
    )


def _our_version() -> str:
    """The version of this grader; a notebook in a browser may use it from where the hand-out was unpacked."""
    try:
        return version("learning-across-tasks")
    except PackageNotFoundError:
        return "not installed"


INI = Path(__file__).parent / "judge.ini"
# Without the two last, each session would end with ten full collections of garbage.
WITHOUT = ("terminal", "logging", "faulthandler", "warnings", "doctest", "unraisableexception", "threadexception")
QUIET = tuple(argument for plugin in WITHOUT for argument in ("-p", f"no:{plugin}"))


def ini_arguments() -> list[str]:
    """Arguments that make a pytest session ours, whatever is installed, and wherever it is started."""
    place = ["-c", str(INI), "--rootdir", str(INI.parent), "--confcutdir", str(INI.parent)]
    return [*place, "-p", "no:cacheprovider", "--disable-plugin-autoload", "-p", "grader.judge.plugin"]


class Enlists:
    """Brings a judge into a session that it is the only purpose of."""

    def __init__(self, judge: Judge) -> None:
        self._judge = judge

    @pytest.hookimpl(tryfirst=True)
    def pytest_configure(self, config: pytest.Config) -> None:
        self._judge.enlist(config.pluginmanager)
        config.option.tbstyle = "native"  # nobody reads pytest's own account of a failure here: make it the cheap one
