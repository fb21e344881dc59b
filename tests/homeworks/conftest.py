"""Each test here is asked of every homework of the course, without a list: a new homework is tested as soon as it lies
in its folder. What only some homeworks have, such as an experiment, is found in their assignment.toml."""

import ast
import functools
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.authoring.release import write_release, zipped
from grader.course.assignment import Assignment, load_course

COURSE = load_course(Path(__file__))
WITH_EXPERIMENT = [
    homework.name
    for homework in map(COURSE.assignment, COURSE.names())
    if any(problem.kind == "experiment" for problem in homework.problems)
]
PROGRAMMED = [homework.name for homework in map(COURSE.assignment, COURSE.names()) if not homework.document]


@pytest.fixture(params=COURSE.names())
def assignment(request: pytest.FixtureRequest) -> Assignment:
    return COURSE.assignment(request.param)


@pytest.fixture(params=PROGRAMMED)
def programmed(request: pytest.FixtureRequest) -> Assignment:
    """A homework in which students write code, in modules or in a notebook, and not a document."""
    return COURSE.assignment(request.param)


OTHERWISE = """

import numpy
import torch


def _otherwise(function):
    def answering_otherwise(*arguments, **named):
        return _changed(function(*arguments, **named))
    return answering_otherwise


def _changed(answer):
    if isinstance(answer, float):
        x = answer
        return {how}
    if isinstance(answer, dict):
        return {{name: _changed(value) for name, value in answer.items()}}
    if isinstance(answer, (list, tuple)):
        return type(answer)(_changed(value) for value in answer)
    return answer


"""


def gives_floats(source: str) -> list[str]:
    """The functions of a module that promise a float, alone or in a list, a tuple or a dict."""
    functions = [node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef) and node.returns]
    return [
        function.name
        for function in functions
        if any(isinstance(node, ast.Name) and node.id == "float" for node in ast.walk(function.returns))
    ]


@pytest.fixture
def answering() -> Callable[[Assignment, str], dict[str, str]]:
    """The reference's modules, but each float x that a function gives is given as `how`, such as "torch.tensor(x)".

    Where no function gives a float they are as they were.
    """

    def sources(assignment: Assignment, how: str) -> dict[str, str]:
        found = {}
        for name in assignment.modules:
            source = (assignment.solution / name).read_text(encoding="utf-8")
            names = gives_floats(source)
            wrapped = "".join(f"{each} = _otherwise({each})\n" for each in names)
            found[name] = f"{source}{OTHERWISE.format(how=how)}{wrapped}" if names else source
        return found

    return sources


@pytest.fixture(scope="session")
def zips(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The zip of a homework that students get, by the homework's short name. Each is written once.

    What is in it is compared with everything secret in test_release.py, for all homeworks together.
    """

    @functools.cache
    def written(name: str) -> Path:
        folder = tmp_path_factory.mktemp("handout")
        write_release(COURSE, [COURSE.assignment(name)], folder / name)
        path = folder / f"{name}.zip"
        path.write_bytes(zipped(folder / name, name))
        return path

    return written


@pytest.fixture
def handed_out(zips: Callable[[str], Path]) -> Callable[[Assignment, Path], Path]:
    """Unpacks the zip of a homework in a new folder, and says which folder was in it."""

    def unpacked(assignment: Assignment, folder: Path) -> Path:
        with zipfile.ZipFile(zips(assignment.short)) as opened:
            opened.extractall(folder)
        (root,) = folder.iterdir()
        return root

    return unpacked


@pytest.fixture(params=WITH_EXPERIMENT)
def with_experiment(request: pytest.FixtureRequest) -> Assignment:
    """A homework that has an experiment: a problem of this kind, and the script experiment.py."""
    return COURSE.assignment(request.param)
