"""Which engine a run uses, and which cluster it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from grader.batch.local import Local
from grader.commands import engines
from grader.commands.engines import Where, address_of
from grader.errors import GraderError


def test_this_machine_unless_something_else_is_asked_for() -> None:
    with Where().running() as engine:
        assert isinstance(engine, Local)
        assert engine.width(1, None) == 1
        assert engine.width(9, 3) == 3


def test_without_dask_it_is_said_how_to_have_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "find_spec", lambda name: None)
    with pytest.raises(
        GraderError, match=r"^ENGINE=dask needs Dask: \S+/pip install -c constraints.txt -e '.\[cluster\]'$"
    ):
        Where("dask").running().__enter__()


@pytest.mark.parametrize("options", [{"cluster": "tcp://127.0.0.1:1"}, {"workers": 2}])
def test_options_of_a_cluster_are_for_a_cluster(options: dict[str, object]) -> None:
    with pytest.raises(GraderError, match="Add --engine dask"):
        Where("local", **options)  # type: ignore[arg-type]


def test_a_cluster_is_started_or_used() -> None:
    with pytest.raises(GraderError, match="Leave one out"):
        Where("dask", "tcp://127.0.0.1:1", 2)


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ("127.0.0.1:8786", "tcp://127.0.0.1:8786"),
        ("tcp://localhost:8786", "tcp://localhost:8786"),
        ("tcp://[::1]:8786", "tcp://[::1]:8786"),
        ("tls://node7:8786", "tls://node7:8786"),
    ],
)
def test_what_is_encrypted_or_stays_on_this_machine_is_used(given: str, address: str) -> None:
    assert address_of(given) == address


@pytest.mark.parametrize("given", ["node7:8786", "tcp://10.0.0.7:8786", "tcp://127.0.0.1.example.org:1"])
def test_what_is_open_to_a_network_is_refused_unless_somebody_says_so(given: str) -> None:
    with pytest.raises(GraderError, match="unencrypted"):
        address_of(given)
    assert address_of(given, open_network=True).startswith("tcp://")


@pytest.mark.parametrize("given", ["ucx://node7:1", "tcp://", "inproc://1/2"])
def test_other_addresses_are_refused(given: str) -> None:
    with pytest.raises(GraderError, match="give tls://host:port"):
        address_of(given, open_network=True)


def test_a_schedulers_file_has_its_address(tmp_path: Path) -> None:
    file = tmp_path / "scheduler.json"
    file.write_text(json.dumps({"address": "tls://node7:8786"}))
    assert address_of(str(file)) == "tls://node7:8786"
    file.write_text(json.dumps({"address": "tcp://10.1.1.1:8786"}))
    with pytest.raises(GraderError, match="unencrypted"):
        address_of(str(file))
    file.write_text("[]")
    with pytest.raises(GraderError, match="not a file that a Dask scheduler wrote"):
        address_of(str(file))
