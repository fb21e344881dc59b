"""`similar`: a class and an earlier year are compared, and what cannot be read is told."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from grader.commands.similar import compare_class, years
from grader.errors import CourseError

House = Any  # tests/conftest.py
MORE = """

def helper(rows, generator):
    order = list(range(len(rows)))
    for place in range(len(order) - 1, 0, -1):
        other = int(generator.random() * (place + 1))
        order[place], order[other] = order[other], order[place]
    return [rows[place] for place in order]
"""


def test_a_copy_of_last_year_is_found(house: House, tmp_path: Path) -> None:
    now, before = tmp_path / "now", tmp_path / "2025"
    for folder, name, code in ((now, "ada", MORE), (now, "bob", ""), (before, "zoe", MORE.replace("order", "places"))):
        (folder / name).mkdir(parents=True)
        (folder / name / "tiny.py").write_text(house.reference + code)
    (now / "eve").mkdir()
    (now / "eve" / "tiny.py").write_bytes(b"x = '\0'")
    said = io.StringIO()
    found = compare_class(house.assignment, now, (before,), tmp_path / "out", 0.3, Console(file=said, width=500))
    rows = list(csv.DictReader((tmp_path / "out" / "similar.csv").open()))
    assert {(row["one"], row["other"]) for row in rows} == {("2025: zoe", "ada")}
    assert len(found.pairs) == 1
    assert "pair001.html" in (tmp_path / "out" / "index.html").read_text()
    assert "2025: zoe (earlier)" in (tmp_path / "out" / "pair001.html").read_text()
    assert "eve: not compared" in said.getvalue()
    compare_class(house.assignment, now, (), tmp_path / "out", 0.3, Console(file=said))
    assert not (tmp_path / "out" / "pair001.html").exists()


def test_two_earlier_years_whose_folders_have_one_name_are_both_compared(house: House, tmp_path: Path) -> None:
    now = tmp_path / "now"
    before = [tmp_path / year / "hw0" for year in ("2024", "2025")]
    for folder, name in ((now, "ada"), *((year, "zoe") for year in before)):
        (folder / name).mkdir(parents=True)
        (folder / name / "tiny.py").write_text(house.reference + MORE)
    found = compare_class(
        house.assignment, now, (*before, before[0]), tmp_path / "out", 0.3, Console(file=io.StringIO())
    )
    owners = {frozenset((pair.one.text.owner, pair.other.text.owner)) for pair in found.pairs}
    assert owners == {frozenset(("ada", f"{year}/hw0: zoe")) for year in ("2024", "2025")}


def test_the_class_itself_is_no_earlier_year(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match="is the class itself"):
        years(tmp_path / "a", [tmp_path / "b", tmp_path / "c" / ".." / "a"])
    assert years(tmp_path / "a", []) == {}
    assert {*years(tmp_path / "a", [tmp_path / "1" / "x", tmp_path / "2" / "y"]).values()} == {"x", "y"}
