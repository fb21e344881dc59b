"""What tests of reviews share: a course, a class, a book of each kind, the server as a process, and a browser."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

HERE = Path(__file__).parent
sys.path.append(str(HERE))  # `run_kills.py` and the tests find the same module

from reviewed import STUDENTS, Server, begin_book, write_class, write_course  # noqa: E402

_found = importlib.util.spec_from_file_location("databases_of_books", HERE.parent / "book" / "conftest.py")
assert _found is not None
assert _found.loader is not None
_databases = importlib.util.module_from_spec(_found)
_found.loader.exec_module(_databases)
postgresql, new_url, url = _databases.postgresql, _databases.new_url, _databases.url


@pytest.fixture(scope="session")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_course(tmp_path_factory.mktemp("course"))


@pytest.fixture(scope="session")
def handed_in(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What twelve students handed in."""
    return write_class(tmp_path_factory.mktemp("class"), STUDENTS)


@pytest.fixture
def book_of(tmp_path: Path) -> Callable[..., str]:
    """Makes a book of these students, by default in SQLite."""

    def begin(students: list[str] | None = None, url: str = "") -> str:
        url = url or f"sqlite:///{tmp_path / 'book.db'}"
        begin_book(url, STUDENTS if students is None else students)
        return url

    return begin


@pytest.fixture
def served(course: Path, handed_in: Path, tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """Starts servers, each for one grader, and ends them with the test."""
    started: list[Server] = []

    def start(url: str, who: str = "ada", *options: str, submissions: Path = handed_in) -> Server:
        started.append(Server(course, submissions, url, who, tmp_path, options).start())
        return started[-1]

    yield start
    for server in started:
        server.kill()
