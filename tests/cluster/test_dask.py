"""A real scheduler of Dask with real workers, and `grade` on them."""

from __future__ import annotations

import csv
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from cluster_class import class_of, course
from conftest import Judged, comparable
from dask_cluster import PATIENCE_S, Cluster, until
from measure_cluster import graded, results_in, role

from grader.batch.job import Job
from grader.cluster import dask, supply
from grader.cluster.remote import Remote

REPOSITORY = Path(__file__).parents[2]
COUNT = 21


@pytest.fixture
def clusters(tmp_path: Path) -> Iterator[Callable[..., Cluster]]:
    """A function that starts a cluster; all end with the test."""
    made = list[Cluster]()

    def make(*options: str) -> Cluster:
        made.append(Cluster(tmp_path, f"scheduler-{len(made)}", options))
        return made[-1]

    yield make
    for each in made:
        each.close()


def judging(worker: int) -> bool:
    """Whether a worker has a helper."""
    return any(role(each) == "helper" for each in psutil.Process(worker).children())


def test_a_worker_that_is_killed_loses_nothing_and_leaves_nothing(
    clusters: Callable[..., Cluster], judged: Judged, jobs: list[Job], here: dict[str, object]
) -> None:
    cluster, killed, orphans = clusters(), list[int](), list[psutil.Process]()
    cluster.work(2)

    def started(job: Job) -> None:
        if job.name == jobs[6].name and not killed:
            victim = next(each for each in cluster.workers if judging(each.pid))
            orphans.extend(psutil.Process(victim.pid).children(recursive=True))
            killed.append(victim.pid)
            victim.kill()

    with dask.connected(cluster.address) as fleet:
        assert comparable(judged(Remote(fleet), jobs, started=started)) == here
    assert killed
    assert until(lambda: not any(each.is_running() for each in orphans))
    assert until(lambda: not list(supply.private_root().glob("*/")))


def test_a_worker_with_two_threads_has_two_judges(
    clusters: Callable[..., Cluster], judged: Judged, jobs: list[Job], here: dict[str, object]
) -> None:
    cluster, most = clusters(), list[int]()
    cluster.work(1, slots=2)

    def started(job: Job) -> None:
        most.append(sum(role(each) == "helper" for each in psutil.Process(cluster.workers[0].pid).children()))

    with dask.connected(cluster.address) as fleet:
        assert until(lambda: fleet.slots() == 2)
        assert Remote(fleet).width(10, None) == 2
        assert comparable(judged(Remote(fleet), jobs, started=started)) == here
    assert max(most) == 2


class Grade:
    """`grade` of a class in a process of its own."""

    def __init__(self, home: Path, submissions: Path, out: Path, *options: str) -> None:
        self.out, self._log = out, out.with_suffix(".log")
        command = [sys.executable, "-m", "grader", "grade", "hw7", "--submissions", str(submissions), "--out", str(out)]
        with self._log.open("wb") as log:
            self.process = subprocess.Popen(
                [*command, *options],
                cwd=home,
                stdout=log,
                stderr=log,
                env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
                start_new_session=True,
            )

    def ended(self) -> tuple[int, str]:
        """The exit status and what was said."""
        status = self.process.wait(PATIENCE_S)
        return status, self._log.read_text()

    def results(self) -> int:
        return len(list(self.out.glob("*.json")))


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return course(tmp_path / "tiny")


def test_where_the_scheduler_is_killed_the_same_command_goes_on_elsewhere(
    clusters: Callable[..., Cluster], tmp_path: Path, home: Path
) -> None:
    submissions, out = class_of(COUNT, tmp_path / "class"), tmp_path / "out"
    cluster = clusters()
    cluster.work(1)
    run = Grade(home, submissions, out, "--engine", "dask", "--cluster", str(cluster.file))
    assert until(lambda: run.results() >= 5)
    cluster.scheduler.kill()
    status, said = run.ended()
    assert status == 1
    assert "The run ended early: The cluster's scheduler tcp://127.0.0.1:" in said
    assert "Traceback" not in said
    with (out / "class.csv").open() as file:
        assert len(list(csv.DictReader(file))) == COUNT
    first = results_in(out)
    assert 5 <= len(first) < COUNT

    other = clusters()
    other.work(2)
    status, said = Grade(home, submissions, out, "--engine", "dask", "--cluster", str(other.file)).ended()
    assert status == 0, said
    alone = Grade(home, submissions, tmp_path / "alone")
    assert alone.ended()[0] == 0
    assert results_in(out) == results_in(alone.out)
    assert {row[0] for row in _rows(out)} == {row[0] for row in _rows(alone.out)}


def _rows(out: Path) -> list[list[str]]:
    with (out / "class.csv").open() as file:
        return list(csv.reader(file))


def test_without_an_address_a_cluster_of_this_machine_and_ctrl_c_ends_it_in_order(tmp_path: Path, home: Path) -> None:
    run = Grade(home, class_of(COUNT, tmp_path / "class"), tmp_path / "out", "--engine", "dask", "--workers", "2")
    assert until(lambda: run.results() >= 3)
    family = psutil.Process(run.process.pid).children(recursive=True)
    os.killpg(run.process.pid, signal.SIGINT)
    status, said = run.ended()
    assert status == 1
    assert "stopped by Ctrl-C" in said
    assert "Traceback" not in said
    assert until(lambda: not any(each.is_running() for each in family), 20)
    assert list(supply.private_root().glob("*/")) == []


def test_an_encrypted_cluster_is_used_by_its_certificate(
    clusters: Callable[..., Cluster], tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from distributed.security import Security

    made = Security.temporary()
    for name, text in (("ca", made.tls_ca_file), ("cert", made.tls_client_cert), ("key", made.tls_client_key)):
        (tmp_path / f"{name}.pem").write_text(text)
    pem = {name: str(tmp_path / f"{name}.pem") for name in ("ca", "cert", "key")}
    tls = [f"--tls-{'ca-file' if name == 'ca' else name}={path}" for name, path in pem.items()]
    cluster = clusters("--protocol", "tls", *tls)
    cluster.work(1)
    submissions = class_of(3, tmp_path / "class")
    options = ("--engine", "dask", "--cluster", str(cluster.file))
    status, said = Grade(home, submissions, tmp_path / "without", *options).ended()
    assert status == 2
    assert "cannot be reached" in said
    monkeypatch.setenv("DASK_DISTRIBUTED__COMM__TLS__CA_FILE", pem["ca"])
    for name in ("CERT", "KEY"):
        monkeypatch.setenv(f"DASK_DISTRIBUTED__COMM__TLS__CLIENT__{name}", pem[name.lower()])
    run = Grade(home, submissions, tmp_path / "out", *options)
    assert run.ended()[0] == 0
    assert run.results() == 3


def test_killed_at_random_the_results_are_those_of_an_undisturbed_run(tmp_path: Path, home: Path) -> None:
    submissions, seed = class_of(COUNT, tmp_path / "class"), int.from_bytes(os.urandom(2), "little")
    calm = graded("calm", home, submissions, [], 0, seed)
    wild = graded("wild", home, submissions, ["--engine", "dask", "--workers", "2"], 3, seed)
    assert wild.results == calm.results, (seed, wild.killed)
    assert wild.killed
