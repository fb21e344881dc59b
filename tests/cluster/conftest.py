"""What tests of a cluster share."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

sys.path.append(str(Path(__file__).parent))  # `measure_cluster.py` and the tests find the same modules

from cluster_class import class_of, course
from measure_cluster import plain, role

from grader.batch.class_run import grade
from grader.batch.engine import Engine
from grader.batch.job import Job
from grader.course.assignment import Assignment, load_course
from grader.intake import Asked, look_through
from grader.judge.result import Result
from grader.proof.specimens import mistakes

COUNT = 14


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Assignment:
    return load_course(course(tmp_path_factory.mktemp("course") / "tiny")).assignment("hw7")


@pytest.fixture(scope="session")
def jobs(tiny: Assignment, tmp_path_factory: pytest.TempPathFactory) -> list[Job]:
    """Two of each kind."""
    folder = class_of(COUNT, tmp_path_factory.mktemp("class") / "submissions")
    return [Job.of(entry) for entry in look_through(folder, Asked.of(tiny)).entries]


@pytest.fixture(autouse=True)
def a_machine_of_its_own(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """What lies on a worker's machine lies in a folder of this test alone."""
    tmp_path_factory.getbasetemp()  # before the place of temporary files is another
    folder = Path(tempfile.mkdtemp(prefix="machine-"))
    folder.chmod(0o755)  # a worker with a user of its own passes through to its scratch folder
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


Judged = Callable[..., dict[str, Result]]


@pytest.fixture(scope="session")
def judged(tiny: Assignment) -> Judged:
    """A function that grades jobs on an engine: results by name."""

    def by(engine: Engine | None, jobs: list[Job], **options: Any) -> dict[str, Result]:
        known = {} if options.pop("plain", False) else {"mistakes": mistakes(tiny)}
        return {job.name: result for job, result in grade(jobs, tiny, 7, engine=engine, **known, **options)}

    return by


@pytest.fixture(scope="session")
def here(judged: Judged, jobs: list[Job]) -> dict[str, object]:
    """What this machine says of the class, but for times."""
    return comparable(judged(None, jobs))


def comparable(results: dict[str, Result]) -> dict[str, object]:
    """Results without times and host."""
    return {name: plain(result.model_dump(mode="json")) for name, result in sorted(results.items())}


@pytest.fixture
def below() -> Callable[[str], list[int]]:
    """A function that finds processes of a role below this one."""
    return lambda wanted: [each.pid for each in psutil.Process().children(recursive=True) if role(each) == wanted]
