"""Each handout names what there is: its points, the parts graded by hand, files, options, figures."""

import re

from grader.cli import check
from grader.course.assignment import Assignment


def handout(assignment: Assignment) -> str:
    return (assignment.folder / "README.md").read_text(encoding="utf-8")


def written(assignment: Assignment) -> str:
    return (assignment.folder / "written.md").read_text(encoding="utf-8")


def test_the_points_table_and_the_headlines_are_the_assignments(assignment: Assignment) -> None:
    text = handout(assignment)
    for problem in assignment.problems:
        by = "hidden checks" if problem.kind == "code" else "hand"
        assert f"| {problem.id} | {problem.title} | {problem.points} | {by} |" in text
        (headline,) = re.findall(rf"^## Problem {problem.id}: .*$", text, re.MULTILINE)
        assert re.search(rf"\({problem.points} points?\b", headline)
    assert f"| | **all** | **{sum(problem.points for problem in assignment.problems)}** | |" in text


def test_what_is_graded_by_hand_adds_up_and_is_in_the_rubric(assignment: Assignment) -> None:
    rubric = (assignment.solution / "rubric.md").read_text(encoding="utf-8")
    by_hand = [problem for problem in assignment.problems if problem.kind != "code"]
    assert by_hand
    for problem in by_hand:
        parts = re.findall(rf"^### ({problem.id}[a-z])\. .*\((\d+) points?\)$", written(assignment), re.MULTILINE)
        assert sum(int(points) for _, points in parts) == problem.points
        assert [part for part, _ in parts if part not in rubric] == []


def test_the_files_and_figures_that_it_names_are_there(assignment: Assignment) -> None:
    text = handout(assignment) + written(assignment)
    files = set(re.findall(r"`(\w+\.(?:py|md))`", text))
    assert files
    assert [name for name in files if not (assignment.folder / name).is_file()] == []
    for figure in re.findall(r"!\[[^\]]*\]\(([^)]+)\)", handout(assignment)):
        assert (assignment.folder / figure).read_bytes().startswith(b"\x89PNG")
        assert (assignment.folder / figure).stat().st_size < 100_000, figure


def test_the_options_of_the_experiment_and_of_check_that_it_names_are_there(with_experiment: Assignment) -> None:
    """Of the experiment, or of `make check` in a line that calls it."""
    script = (with_experiment.folder / "experiment.py").read_text(encoding="utf-8")
    text = handout(with_experiment) + written(with_experiment)
    named = re.compile(r"(?<![\w-])(--[a-z][a-z-]+)")
    checks = re.findall(r"make check .*", text)
    known = {name for parameter in check.params for name in parameter.opts}
    assert set(named.findall("\n".join(checks))) <= known
    options = set(named.findall(re.sub(r"make check .*", "", text)))
    assert options
    assert [option for option in options if f'"{option}"' not in script] == []
