"""Puts a judge together: where code runs, where the reference's answers come from, what is recorded of both."""

from __future__ import annotations

import math
import platform
from collections.abc import Callable, Mapping
from dataclasses import fields
from importlib.metadata import version
from pathlib import Path

import pytest

from grader.course.assignment import Assignment
from grader.errors import CourseError
from grader.judge.answers import RECORDED, Answers, RecordedAnswers, ReferenceAnswers
from grader.judge.result import Environment
from grader.sandbox.inline import InlineHost
from grader.sandbox.replies import Host, Limits

StartHost = Callable[[Mapping[str, str]], Host]


def limits_of(assignment: Assignment) -> Limits:
    """The default limits with the assignment's own in their place. Raises `CourseError` for a key that is no limit."""
    known = {field.name: field.type for field in fields(Limits)}
    for name, value in assignment.limits.items():
        if name not in known or not (math.isfinite(value) and value > 0):
            raise CourseError(
                f"{assignment.folder / 'assignment.toml'}: limits.{name} = {value} is no limit. "
                f"Limits are positive, and called: {', '.join(known)}."
            )
    return Limits(**{name: int(value) if known[name] == "int" else value for name, value in assignment.limits.items()})  # type: ignore[arg-type]


def inline(assignment: Assignment, *, debug: bool = False) -> StartHost:
    """Submissions run in this process."""
    probes = assignment.probes
    return lambda modules: InlineHost(modules, probes, debug=debug)


def spawned(assignment: Assignment) -> StartHost:
    """Submissions run in a process of their own, without confinement."""
    from grader.sandbox.spawned import SpawnedHost

    probes, limits = assignment.probes, limits_of(assignment)
    return lambda modules: SpawnedHost(modules, probes, limits)


def answers_of(assignment: Assignment, start: StartHost) -> ReferenceAnswers:
    """The answers of the reference in `solutions/`, asked through `start` and cached there."""
    reference = assignment.sources(assignment.solution)
    return ReferenceAnswers(lambda: start(reference), reference, assignment.probes, assignment.solution / ".cache")


def recorded(assignment: Assignment) -> Answers:
    """The answers that ship with the public checks."""
    return RecordedAnswers(assignment.folder / RECORDED, assignment.probes)


def environment(grading_seed: int, confinement: str, *, weak_allowed: bool = False) -> Environment:
    """Versions and settings for the record."""
    return Environment(
        grader=version("learning-across-tasks"),
        python=platform.python_version(),
        torch=version("torch"),
        numpy=version("numpy"),
        platform=platform.platform(),
        grading_seed=grading_seed,
        confinement=confinement,
        layers=(),
        weak_confinement_allowed=weak_allowed,
    )


INI = Path(__file__).parent / "judge.ini"
QUIET = ("-p", "no:terminal", "-p", "no:logging", "-p", "no:faulthandler", "-p", "no:warnings", "-p", "no:doctest")


def ini_arguments() -> list[str]:
    """Arguments that make a pytest session ours, whatever folder it is started in and whatever lies there."""
    return ["-c", str(INI), "--rootdir", str(INI.parent), "--confcutdir", str(INI.parent), "-p", "no:cacheprovider"]


class Named:
    """Registers a judge under the name by which fixtures find it."""

    def __init__(self, judge: object, name: str) -> None:
        self.judge, self.name = judge, name

    @pytest.hookimpl(tryfirst=True)
    def pytest_configure(self, config: pytest.Config) -> None:
        config.pluginmanager.register(self.judge, self.name)
