"""A platform's zip is a class: laid out once, and nothing in it gets out of its folder."""

from __future__ import annotations

import csv
import io
import stat
import zipfile
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from grader.cli import main
from grader.commands.unpacked import class_folder
from grader.errors import IntakeError

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


def test_links_are_left_out(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("ada/secret.py")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(link, "/etc/passwd")
        archive.writestr("ada/x.py", "1")
    found = class_folder(tmp_path / "a.zip", tmp_path / "downloads")
    assert [path.name for path in (found / "ada").iterdir()] == ["x.py"]


def test_one_name_twice_and_a_damaged_zip_are_told(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("ada/x.py", "1")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("ada/x.py", "2")
    with pytest.raises(IntakeError, match=r"holds ada/x\.py twice"):
        class_folder(tmp_path / "a.zip", tmp_path / "downloads")
    whole = zipped(tmp_path / "b.zip", **{"ada/x.py": "1" * 100}).read_bytes()
    (tmp_path / "b.zip").write_bytes(whole.replace(b"1" * 100, b"2" * 100))
    with pytest.raises(IntakeError, match=r"b\.zip: cannot be unpacked \(Bad CRC-32"):
        class_folder(tmp_path / "b.zip", tmp_path / "downloads")
