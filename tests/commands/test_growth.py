"""`bench --sizes`: classes are really graded, figures add up, and what is wrong is told."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from rich.console import Console

from grader.cli import main
from grader.commands.bench import our_command
from grader.commands.growth import Grown, marginal, measure_growth, write_class
from grader.course.assignment import load_course
from grader.intake import Asked, Wanted, look_through, read_entry

House = Any  # tests/conftest.py


def grown(submissions: int, lanes: int, cpu_s: float) -> Grown:
    return Grown(submissions, lanes, 5, 9.0, cpu_s, 1.0, 8.0, ())


def test_what_starts_a_run_is_no_part_of_what_one_more_costs() -> None:
    found = [grown(1000, 2, 23.0), grown(10, 2, 3.2), grown(110, 2, 5.2), grown(10, 1, 4.0)]
    assert marginal(found) == pytest.approx({(1000, 2): 0.02, (110, 2): 0.02})


def test_a_class_has_as_many_right_submissions_as_asked_and_no_two_are_the_same(house: House, tmp_path: Path) -> None:
    write_class(house.assignment, tmp_path / "class", 7)
    entries = look_through(tmp_path / "class", Asked.of(house.assignment)).entries
    read = [read_entry(entry, Wanted.of(house.assignment)) for entry in entries]
    assert [each.refusal for each in read] == [None] * 7
    assert len({tuple(each.modules.values()) for each in read}) == 7


def test_classes_are_graded_and_figures_are_kept_with_their_machine(house: House, tmp_path: Path) -> None:
    said = io.StringIO()
    course = load_course(house.folder)
    found = measure_growth(course, house.assignment, [2, 4], [1], tmp_path, Console(file=said, width=300))
    kept = json.loads((tmp_path / "growth.json").read_text(encoding="utf-8"))
    assert [each["submissions"] for each in kept["classes"]] == [each.submissions for each in found] == [2, 4]
    assert kept["machine"].keys() >= {"processor", "cores", "memory_gb", "python", "torch", "load_at_start"}
    assert all(0 < each.first_s <= each.last_s <= each.wall_s for each in found)
    assert all(each.cpu_s > 0.1 for each in found), "the children's time counts"
    assert {each.checks for each in found} == {5}
    assert (tmp_path / "growth.svg").read_text(encoding="utf-8").startswith("<?xml")
    assert "one more: CPU ms" in said.getvalue()


@pytest.mark.parametrize("sizes", ["ten", "10,0", ""])
def test_sizes_that_are_none_are_told(sizes: str, house: House) -> None:
    done = CliRunner().invoke(main, ["--course", str(house.folder), "bench", "hw7", "--sizes", sizes])
    assert done.exit_code == 2
    assert "is no list of numbers such as 10,100" in done.output


def test_each_round_of_a_comparison_grades_everybody(house: House, tmp_path: Path) -> None:
    assert "--force" in our_command(load_course(house.folder), house.assignment, tmp_path / "class", tmp_path)
