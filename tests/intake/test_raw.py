"""A hand-in as bytes: what changes its digest, and what does not."""

import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.intake import raw
from grader.intake.folders import levels
from grader.intake.raw import raw_digest, raw_digests
from grader.intake.submission import IntakeLimits, Refused


def folder(place: Path) -> Path:
    """A hand-in with all kinds of things in it."""
    work = place / "ada"
    (work / "src").mkdir(parents=True)
    (work / "src" / "tiny.py").write_text("x = 1\n")
    (work / "plot.png").write_bytes(b"\x89PNG")
    (work / "link").symlink_to("src/tiny.py")
    return work


def rename(work: Path) -> None:
    (work / "plot.png").rename(work / "plots.png")


def move(work: Path) -> None:
    (work / "src" / "tiny.py").rename(work / "tiny.py")


def replace_by_link(work: Path) -> None:
    (work / "plot.png").unlink()
    (work / "plot.png").symlink_to("src/tiny.py")


def link_elsewhere(work: Path) -> None:
    (work / "link").unlink()
    (work / "link").symlink_to("plot.png")


CHANGES: dict[str, Callable[[Path], object]] = {
    "a byte": lambda work: (work / "src" / "tiny.py").write_text("x = 2\n"),
    "an empty file": lambda work: (work / "empty").write_text(""),
    "an empty folder": lambda work: (work / "results").mkdir(),
    "a name": rename,
    "a place": move,
    "a link for a file": replace_by_link,
    "a link": link_elsewhere,
    "a file less": lambda work: (work / "plot.png").unlink(),
}


@pytest.mark.parametrize("what", CHANGES)
def test_whatever_was_changed_is_seen(what: str, tmp_path: Path) -> None:
    work = folder(tmp_path)
    before = raw_digest(work)
    assert before is not None
    CHANGES[what](work)
    assert raw_digest(work) not in (before, None)


def test_where_it_lies_and_when_it_was_written_do_not_count(tmp_path: Path) -> None:
    one, other = folder(tmp_path / "one"), folder(tmp_path / "other")
    os.utime(other / "plot.png", (1, 1))
    assert raw_digest(one) == raw_digest(other) is not None


def test_what_the_intake_never_looks_at_does_not_count(tmp_path: Path) -> None:
    work = folder(tmp_path)
    before = raw_digest(work)
    (work / "__pycache__").mkdir()
    (work / "__pycache__" / "tiny.pyc").write_bytes(b"x")
    assert raw_digest(work) == before


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("one")
    (tmp_path / "ada.py").symlink_to(tmp_path / "secret")
    before = raw_digest(tmp_path / "ada.py")
    (tmp_path / "secret").write_text("two")
    assert raw_digest(tmp_path / "ada.py") == before is not None


def test_pipes_and_sockets_are_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tmp_path / "socket"))
        assert raw_digest(tmp_path) is not None


def test_what_is_not_there_or_too_much_has_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert raw_digest(tmp_path / "nobody") is None
    work = folder(tmp_path)
    monkeypatch.setattr(raw, "MOST_BYTES", 5)
    assert raw_digest(work) is None
    monkeypatch.setattr(raw, "MOST_BYTES", 1000)
    assert raw_digest(work) is not None
    monkeypatch.setattr(raw, "MOST_FILES", 3)
    assert raw_digest(work) is None


def test_names_that_are_skipped_are_counted_as_the_intake_counts_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = folder(tmp_path)
    monkeypatch.setattr(raw, "MOST_FILES", 4)
    assert raw_digest(work) is not None
    (work / ".DS_Store").write_bytes(b"")
    assert raw_digest(work) is None
    with pytest.raises(Refused, match="holds more than 4 files"):
        list(levels(work, IntakeLimits(listed=4)))


def test_the_paths_of_one_hand_in_share_a_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    work = folder(tmp_path)
    paths = [work / "plot.png", work / "src" / "tiny.py"]  # 4 and 6 bytes
    monkeypatch.setattr(raw, "MOST_BYTES", 10)
    assert raw_digests(paths) == [raw_digest(path) for path in paths]
    monkeypatch.setattr(raw, "MOST_BYTES", 9)
    assert raw_digests(paths) is None
    assert raw_digest(paths[1]) is not None


def test_of_huge_files_nothing_is_read_that_is_too_much_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for i in range(20):
        with (tmp_path / f"{i}.bin").open("wb") as file:
            file.truncate(1 << 40)

    def read(place: str) -> bytes:
        raise AssertionError(f"{place} was read")

    monkeypatch.setattr(raw, "_file", read)
    assert raw_digest(tmp_path) is None


def test_of_a_huge_file_the_size_and_what_can_be_read_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(raw, "READ_BYTES", 4)
    monkeypatch.setattr(raw, "CHUNK", 3)
    file = tmp_path / "big.zip"
    found = []
    for content in (b"abcdef", b"abcdxx", b"abcdefg", b"abxdef"):
        file.write_bytes(content)
        found.append(raw_digest(file))
    assert found[0] == found[1]
    assert len(set(found)) == 3
