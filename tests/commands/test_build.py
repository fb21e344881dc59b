"""`build` writes what students receive, keeps what was there before, and knows what is stale."""

from typing import Any

from grader.commands.build import build_assignment, stale

House = Any  # tests/conftest.py


def test_what_is_fresh_is_left_alone(house: House) -> None:
    assert stale(house.assignment) == {}
    assert build_assignment(house.assignment) == []


def test_each_generated_file_is_stale_when_its_source_changes(house: House) -> None:
    assignment = house.assignment
    reference = assignment.solution / "tiny.py"
    reference.write_text(reference.read_text().replace("Twice x, same shape", "Two times x, same shape"))
    toml = assignment.folder / "assignment.toml"
    toml.write_text(toml.read_text().replace('title = "Essay"', 'title = "A long essay"'))
    checks = assignment.folder / "checks" / "test_public.py"
    checks.write_text(checks.read_text().replace("[1.0, 2.0]", "[1.0, 3.0]"))
    old = stale(house.assignment)
    assert {path.name for path in old} == {"README.md", "tiny.py", "hw7.ipynb", "answers.json"}
    assert all("make build" in why for why in old.values())

    mine = assignment.folder / "tiny.py"
    mine.write_text("# somebody worked in the stub\n")
    assert {path.name for path in build_assignment(house.assignment)} == {path.name for path in old}
    assert stale(house.assignment) == {}
    assert "Two times x" in mine.read_text()
    assert (house.folder / "results/replaced/hw7_tiny/tiny.py").read_text() == "# somebody worked in the stub\n"


def test_a_rounding_is_no_reason_to_build(house: House) -> None:
    answers = house.assignment.folder / "answers.json"
    rounded = answers.read_text().replace("       4.0\n", "       4.000000000000001\n")
    answers.write_text(rounded)
    assert stale(house.assignment) == {}
    assert build_assignment(house.assignment) == []
    assert answers.read_text() == rounded


def test_a_stale_answer_is_told_by_its_place_and_its_distance(house: House) -> None:
    answers = house.assignment.folder / "answers.json"
    current = answers.read_text()
    answers.write_text(current.replace("       4.0\n", "       4.5\n"))
    (why,) = stale(house.assignment).values()
    assert why == (
        "is not what the reference says now: 'twice' (key 01ed609c): [1] 4.5 is recorded; the reference gives 4.0. "
        "They are 0.5 apart, and its check allows 1e-06. Run: make build"
    )
    assert build_assignment(house.assignment) == [answers]
    assert answers.read_text() == current
