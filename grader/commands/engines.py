"""The engine that a run was asked to use: this machine, or a cluster."""

from __future__ import annotations

import ipaddress
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

from grader.batch.engine import Engine
from grader.batch.local import Local
from grader.errors import GraderError
from grader.sandbox.forked import Sandbox

ENGINES = ("local", "dask")
WORKERS = 2
MISSING = "ENGINE=dask needs Dask: .venv/bin/pip install -c constraints.txt -e '.[cluster]'"


@dataclass(frozen=True)
class Where:
    """Where a run is judged. `cluster` is a scheduler's address or its file; without one, Dask's `workers` are
    processes of this machine. `open_network` says that nobody else can reach an unencrypted one."""

    engine: str = "local"
    cluster: str = ""
    workers: int | None = None
    open_network: bool = False

    def __post_init__(self) -> None:
        if self.engine == "local" and (self.cluster or self.workers):
            raise GraderError("--cluster and --workers are for a cluster. Add --engine dask, or leave them out.")
        if self.cluster and self.workers:
            raise GraderError("--workers starts a cluster here, and --cluster uses one that runs. Leave one out.")

    @contextmanager
    def running(self, sandbox: Sandbox | None = None) -> Iterator[Engine]:
        """The engine, as long as the body lasts. Raises `GraderError` where it cannot be had."""
        if self.engine == "local":
            yield Local(sandbox)
            return
        if find_spec("distributed") is None:
            raise GraderError(MISSING)
        from grader.cluster import dask
        from grader.cluster.remote import Remote

        address = address_of(self.cluster, open_network=self.open_network) if self.cluster else ""
        with dask.connected(address) if address else dask.started(self.workers or WORKERS) as fleet:
            yield Remote(fleet)


def address_of(cluster: str, *, open_network: bool = False) -> str:
    """The address of a scheduler, given as such or as the file that it wrote. Raises `GraderError` for one that sends
    work and grades over a network where anybody could read and change them."""
    address = cluster if "://" in cluster or not Path(cluster).is_file() else _from_file(Path(cluster))
    address = address if "://" in address else f"tcp://{address}"
    parts = urlsplit(address)
    if parts.scheme not in ("tcp", "tls") or not parts.hostname:
        raise GraderError(f"--cluster {cluster}: give tls://host:port, tcp://host:port or the scheduler's file.")
    if parts.scheme == "tcp" and not _is_here(parts.hostname) and not open_network:
        raise GraderError(
            f"--cluster {cluster}: unencrypted, so whoever reaches that network could read submissions and solutions, "
            "and change grades. Use TLS (docs/cluster.md), or type --allow-open-network where nobody else reaches it."
        )
    return address


def _from_file(path: Path) -> str:
    try:
        told = json.loads(path.read_text(encoding="utf-8"))["address"]
    except (OSError, ValueError, KeyError, TypeError):
        raise GraderError(f"--cluster {path}: is not a file that a Dask scheduler wrote (--scheduler-file).") from None
    return str(told)


def _is_here(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:  # a name
        return False
