"""What was handed in lies on a worker's machine as it lay here, whatever it is."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from grader.batch.job import Job
from grader.batch.unit import content_of
from grader.cluster import parcel
from grader.intake.raw import READ_BYTES


def there(job: Job, folder: Path) -> tuple[Job, dict[str, str]]:
    """A job as a worker has it."""
    folder.mkdir()
    return parcel.laid_out(parcel.packed(job), folder)


@pytest.fixture
def odd(tmp_path: Path) -> Path:
    """A folder with what people, tools and tricksters leave in one."""
    folder = tmp_path / "handed in" / "Zoë 1"
    (folder / "work" / ".git").mkdir(parents=True)
    (folder / "work" / ".git" / "HEAD").write_text("x")
    (folder / "__MACOSX").mkdir()
    (folder / "work" / "tiny.py").write_bytes(b"x = 1\r\n\xff")
    (folder / "empty").mkdir()
    (folder / "link.py").symlink_to("/etc/passwd")
    (folder / "nowhere").symlink_to("../../..")
    os.mkfifo(folder / "pipe.py")
    (Path(os.fsdecode(os.fsencode(folder) + b"/caf\xe9.py"))).write_text("y = 2\n")
    with (folder / "large.bin").open("wb") as file:
        file.truncate(READ_BYTES + 5)
    return folder


def test_a_folder_is_the_same_there(odd: Path, tmp_path: Path) -> None:
    job = Job("zoe", str(odd), alone=True, remarks=("late",), earlier=(Job("zoe", str(odd / "work" / "tiny.py")),))
    moved, sources = there(job, tmp_path / "worker")
    assert moved.path != job.path
    assert content_of(moved) == content_of(job) is not None
    assert (Path(moved.path) / "large.bin").stat().st_size == READ_BYTES + 5
    assert (Path(moved.path) / "link.py").is_symlink()
    assert {moved.path, moved.earlier[0].path} == set(sources)
    assert sources[moved.path] == job.path
    back = replace(moved, path=job.path, earlier=job.earlier)
    assert back == job


def test_loose_files_are_the_same_there_and_only_they_are_sent(tmp_path: Path) -> None:
    for name in ("ada_1_tiny.py", "ada_1_more.py", "bob_1_tiny.py"):
        (tmp_path / name).write_text(name)
    files = {"tiny.py": str(tmp_path / "ada_1_tiny.py"), "more.py": str(tmp_path / "ada_1_more.py")}
    job = Job("ada", str(tmp_path), files=files)
    moved, _ = there(job, tmp_path / "worker")
    assert moved.path == job.path
    assert {name: Path(path).read_text() for name, path in moved.files.items()} == {
        "tiny.py": "ada_1_tiny.py",
        "more.py": "ada_1_more.py",
    }
    assert b"bob" not in parcel.packed(job)


def test_of_who_is_refused_and_of_given_text_no_file_is_sent(tmp_path: Path) -> None:
    for job in (Job("a", "/nowhere/a.zip", refusal="Two of them."), Job("b", modules={"tiny": "x = 1\n"}, seed="7")):
        moved, sources = there(job, tmp_path / job.name)
        assert moved == job
        assert sources == {}


def test_a_relative_path_is_told_as_the_intake_tells_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "ada.py").write_text("x = 1\n")
    monkeypatch.chdir(tmp_path)
    moved, sources = there(Job("ada", "ada.py"), tmp_path / "worker")
    assert sources == {moved.path: str(tmp_path / "ada.py")}


def test_no_more_is_sent_than_the_intake_reads(tmp_path: Path) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(5):
        with (folder / f"{number}.bin").open("wb") as file:
            file.truncate(READ_BYTES)
    with pytest.raises(parcel.TooLarge, match="More than 256 MB"):
        parcel.packed(Job("many", str(folder)))


def test_where_somebody_may_not_read_nobody_may(tmp_path: Path) -> None:
    path = tmp_path / "mine.py"
    parcel._lay(path, "denied file", b"", 0)
    assert path.stat().st_mode & 0o777 == 0
