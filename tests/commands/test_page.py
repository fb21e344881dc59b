"""`page` writes one file, where it is told to."""

from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from grader.cli import main

House = Any  # tests/conftest.py


def typed(house: House, *words: object) -> Result:
    return CliRunner().invoke(main, ["--course", str(house.folder), *map(str, words)], catch_exceptions=False)


def test_it_goes_to_the_results_or_where_one_says(house: House, tmp_path: Path) -> None:
    readme = house.folder / "assignments/hw7_tiny/README.md"
    readme.write_text(f"{readme.read_text()}\nRead [the probes](probes.py).\n")
    assert typed(house, "page", "hw7").stdout == f"wrote {house.folder / 'results' / 'hw7.html'}\n"
    made = (house.folder / "results/hw7.html").read_text()
    assert made.startswith("<!doctype html>\n")
    assert 'href="../assignments/hw7_tiny/probes.py"' in made
    assert typed(house, "page", "hw7", "--out", tmp_path / "new" / "a.html").exit_code == 0
    assert 'href="../house/assignments/hw7_tiny/probes.py"' in (tmp_path / "new" / "a.html").read_text()


def test_what_is_wrong_is_told_in_one_line(house: House, tmp_path: Path) -> None:
    readme = house.folder / "assignments/hw7_tiny/README.md"
    readme.write_text(readme.read_text().replace("y = 2x", r"y = \twice x"))
    done = typed(house, "page", "hw7")
    assert done.exit_code == 2
    assert f'error: {readme}:8: the formula y = \\twice x cannot be read: Unknown command "\\twice".' in done.stderr
    assert not (house.folder / "results").exists()
    done = typed(house, "page", "hw7", "--out", tmp_path)
    assert done.exit_code == 2
    assert f"{tmp_path} is a folder. Name the file to write, such as {tmp_path / 'hw7.html'}." in done.stderr
