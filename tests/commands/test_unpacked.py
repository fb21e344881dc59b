"""A platform's zip is a class: laid out once, and nothing in it gets out of its folder."""

from __future__ import annotations

import csv
import io
import os
import stat
import time
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from grader.book.downloads import of_folder, of_zip
from grader.cli import main
from grader.commands.unpacked import ABANDONED_S, UNPACKING, class_folder, class_of
from grader.course.assignment import load_course
from grader.errors import IntakeError
from grader.intake import list_class

House = Any  # tests/conftest.py


def zipped(path: Path, **files: str | bytes) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def test_the_zip_of_canvas_is_graded_as_it_is(house: House) -> None:
    half = house.but("def mean(x):\n    return 0 * x.sum()\n")
    handed_in = io.BytesIO()
    with zipfile.ZipFile(handed_in, "w") as archive:
        archive.writestr("hw7_tiny/tiny.py", house.reference)
    files = {
        "lovelaceada_10001_200001_tiny.py": half,
        "lovelaceada_10001_200004_tiny-1.py": house.reference,
        "turingalan_LATE_10002_200005_tiny.py": half,
        "hoppergrace_10003_200007_hw7_tiny-handin.zip": handed_in.getvalue(),
    }
    download = zipped(house.folder / "submissions.zip", **files)
    words = ["grade", "hw7", "--submissions", download, "--out", house.folder / "out", "--allow-weak", "--lanes", 1]
    done = CliRunner().invoke(main, ["--course", str(house.folder), *map(str, words)], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    with (house.folder / "out" / "class.csv").open(newline="", encoding="utf-8") as file:
        rows = {row["submission"]: (row["points"], row["remark"]) for row in csv.DictReader(file)}
    assert {name: points for name, (points, _) in rows.items()} == {
        "lovelaceada_10001": "5.5",
        "turingalan_10002": "3",
        "hoppergrace_10003": "5.5",
    }
    assert "2 uploads of tiny.py: the latest counts" in rows["lovelaceada_10001"][1]
    assert rows["turingalan_10002"][1] == "handed in late, says Canvas"


def test_the_same_zip_is_laid_out_once_and_another_one_beside_it(tmp_path: Path) -> None:
    first = class_folder(zipped(tmp_path / "a.zip", **{"ada/x.py": "1", "__MACOSX/y": "2"}), tmp_path / "downloads")
    assert [path.relative_to(first).as_posix() for path in first.rglob("*") if path.is_file()] == ["ada/x.py"]
    (first / "ada" / "x.py").write_text("mended by a person")
    assert class_folder(tmp_path / "a.zip", tmp_path / "downloads") == first
    assert (first / "ada" / "x.py").read_text() == "mended by a person"
    second = class_folder(zipped(tmp_path / "a.zip", **{"bob/x.py": "1"}), tmp_path / "downloads")
    assert second != first
    assert {path.name for path in (tmp_path / "downloads").iterdir()} == {first.name, second.name}


def test_folders_and_other_files_are_as_they_were(tmp_path: Path) -> None:
    (tmp_path / "x.py").write_text("1")
    for place in (tmp_path, tmp_path / "x.py", tmp_path / "nowhere"):
        assert class_folder(place, tmp_path / "downloads") == place
    assert not (tmp_path / "downloads").exists()


@pytest.mark.parametrize("name", ["../evil.py", "/evil.py", "C:/evil.py", "a/../../evil.py", "..\\evil.py", "a\nb.py"])
def test_what_would_get_out_stops_it_and_leaves_nothing(tmp_path: Path, name: str) -> None:
    place = tmp_path / "inner" / "downloads"
    with pytest.raises(IntakeError, match=r"bad\.zip: the name .* Unpack it by hand"):
        class_folder(zipped(tmp_path / "bad.zip", **{"ada/x.py": "1", name: "2"}), place)
    assert list(place.iterdir()) == []
    assert not list(tmp_path.rglob("evil.py"))


def test_links_are_left_out_and_counted_aloud(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    link = zipfile.ZipInfo("ada/secret.py")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(link, "/etc/passwd")
        archive.writestr("ada/x.py", "1")
    found = class_folder(tmp_path / "a.zip", tmp_path / "downloads")
    assert [path.name for path in (found / "ada").iterdir()] == ["x.py"]
    assert "a.zip: 1 links in it are left out." in capsys.readouterr().err


def test_one_name_twice_and_a_damaged_zip_are_told(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("ada/x.py", "1")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("ada/x.py", "2")
    with pytest.raises(IntakeError, match=r"holds ada/x\.py twice"):
        class_folder(tmp_path / "a.zip", tmp_path / "downloads")
    whole = zipped(tmp_path / "b.zip", **{"ada/x.py": "1" * 100}).read_bytes()
    (tmp_path / "b.zip").write_bytes(whole.replace(b"1" * 100, b"2" * 100))
    with pytest.raises(IntakeError, match=r"b\.zip: is damaged \(Bad CRC-32.* Download it again\."):
        class_folder(tmp_path / "b.zip", tmp_path / "downloads")


def test_everybody_is_there_who_is_there_when_a_person_unpacks_it(tmp_path: Path) -> None:
    download = zipped(
        tmp_path / "a.zip", **{"./": "", "ada/x.py": "1", "eve/": "", "./bob/x.py": "1", "kim//x.py": "1"}
    )
    found = class_folder(download, tmp_path / "downloads")
    with zipfile.ZipFile(download) as archive:
        archive.extractall(tmp_path / "by hand")
    assert {path.name for path in found.iterdir()} == {path.name for path in (tmp_path / "by hand").iterdir()}
    assert {entry.name for entry in list_class(found)} == {"ada", "bob", "eve", "kim"}


@pytest.mark.parametrize("name", ["__MACOSX/y", ".x", "./"])
def test_a_zip_without_a_class_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(IntakeError, match=r"a\.zip: holds no files of a class"):
        class_folder(zipped(tmp_path / "a.zip", **{name: ""}), tmp_path / "downloads")


@pytest.mark.parametrize("name", ["Müller_1", "中" * 70])
def test_names_in_utf_8_that_do_not_say_so_are_read_so_everywhere(tmp_path: Path, name: str) -> None:
    as_long = "@" * len(name.encode())
    download = zipped(tmp_path / "a.zip", **{f"{as_long}/x.py": "1"})
    download.write_bytes(download.read_bytes().replace(as_long.encode(), name.encode()))
    found = class_folder(download, tmp_path / "downloads")
    assert [path.name for path in found.iterdir()] == [name]
    assert list(of_zip(download, UTC).dates) == [f"{name}/x.py"]


def test_two_runs_may_lay_out_one_zip_at_once(tmp_path: Path) -> None:
    download = zipped(tmp_path / "a.zip", **{f"s{number}/x.py": "1" for number in range(100)})
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(class_folder, [download] * 4, [tmp_path / "downloads"] * 4))
    assert list((tmp_path / "downloads").iterdir()) == [found[0]]
    assert len(set(found)) == 1
    assert len(list(found[0].iterdir())) == 100


def changed(path: Path, before: bytes, after: bytes) -> Path:
    path.write_bytes(path.read_bytes().replace(before, after))
    return path


def encrypted(path: Path) -> Path:
    content = bytearray(zipped(path, **{"ada/x.py": "1"}).read_bytes())
    content[6] |= 1
    content[content.find(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(content)
    return path


def squeezed(path: Path, kind: int) -> Path:
    with zipfile.ZipFile(path, "w", kind) as archive:
        archive.writestr("ada/x.py", "1" * 1000)
    return path


UNFIT = {
    "a file and a folder of one name": lambda path: zipped(path, **{"ada/x": "1", "ada/x/y.py": "2"}),
    "a name too long": lambda path: zipped(path, **{"ada/x.py": "1", f"bob/{'n' * 256}.py": "2"}),
    "a password": encrypted,
    "a null byte": lambda path: changed(zipped(path, **{"ada/x@y.py": "1"}), b"x@y", b"x\0y"),
    "no UTF-8, although it says so": lambda path: changed(zipped(path, **{"ada/é.py": "1"}), "é".encode(), b"\xff\xfe"),
    "bzip2, which may demand gigabytes": lambda path: squeezed(path, zipfile.ZIP_BZIP2),
    "xz": lambda path: squeezed(path, zipfile.ZIP_LZMA),
}


@pytest.mark.parametrize("made", UNFIT.values(), ids=UNFIT)
def test_what_another_download_would_not_mend_is_for_a_person(tmp_path: Path, made: Callable[[Path], Path]) -> None:
    with pytest.raises(IntakeError, match=r"a\.zip: .* Unpack it by hand, and give the folder\.$"):
        class_folder(made(tmp_path / "a.zip"), tmp_path / "downloads")
    assert list((tmp_path / "downloads").iterdir()) == []


def test_half_a_download_and_other_archives_are_told(tmp_path: Path) -> None:
    whole = zipped(tmp_path / "a.zip", **{"ada/x.py": "1" * 100}).read_bytes()
    (tmp_path / "a.zip").write_bytes(whole[:-30])
    (tmp_path / "a.tar.gz").write_bytes(b"1")
    with pytest.raises(IntakeError, match=r"a\.zip: is no zip, or an incomplete one\. Download it again"):
        class_folder(tmp_path / "a.zip", tmp_path / "downloads")
    with pytest.raises(IntakeError, match=r"a\.tar\.gz: only a zip is read as it is\. Unpack it by hand"):
        class_folder(tmp_path / "a.tar.gz", tmp_path / "downloads")


def test_files_keep_their_dates_by_a_clock_of_the_course(house: House) -> None:
    course = load_course(house.folder).model_copy(update={"book": {"zone": "Europe/Zurich"}})
    with zipfile.ZipFile(house.folder / "a.zip", "w") as archive:
        archive.writestr(zipfile.ZipInfo("ada/tiny.py", (2026, 3, 5, 20, 10, 0)), "x")
    found = of_folder(class_of(course, house.folder / "a.zip"))
    assert found.dates == {"ada/tiny.py": datetime(2026, 3, 5, 19, 10, tzinfo=UTC)}


def test_what_a_run_left_that_was_killed_is_removed_and_of_one_that_works_it_stays(tmp_path: Path) -> None:
    old, young = (tmp_path / "downloads" / f"{UNPACKING}{name}" for name in ("old", "young"))
    for place in (old, young):
        (place / "class").mkdir(parents=True)
    at = time.time() - ABANDONED_S - 60
    os.utime(old, (at, at))
    found = class_folder(zipped(tmp_path / "a.zip", **{"ada/x.py": "1"}), tmp_path / "downloads")
    assert {*(tmp_path / "downloads").iterdir()} == {young, found}
