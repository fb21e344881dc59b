"""Generated notebooks: valid, the same every time, and the modules again when their exported cells are joined."""

import ast
import shutil
from pathlib import Path

import nbformat
import pytest

from grader.authoring.handout import for_notebook, sections_of, with_points
from grader.authoring.markers import solved
from grader.authoring.notebook import exported, notebook_of, written
from grader.authoring.parts import joined, parts_of
from grader.course.assignment import Assignment, load_course
from grader.errors import CourseError

TESTS = Path(__file__).parents[1]
COURSES = {"hw0": TESTS.parent, "hw7": TESTS / "courses" / "tiny"}


@pytest.fixture(params=COURSES)
def assignment(request: pytest.FixtureRequest) -> Assignment:
    return load_course(COURSES[request.param]).assignment(request.param)


def made(assignment: Assignment, modules: dict[str, str]) -> nbformat.NotebookNode:
    return notebook_of(assignment, modules, assignment.sources(assignment.folder))


def test_exported_cells_joined_are_the_module(assignment: Assignment) -> None:
    for folder in (assignment.folder, assignment.solution):
        modules = {name: solved(text) for name, text in assignment.sources(folder).items()}
        again = exported(made(assignment, modules))
        assert {name: ast.dump(ast.parse(text)) for name, text in again.items()} == {
            name: ast.dump(ast.parse(text)) for name, text in modules.items()
        }


def test_what_lies_in_the_assignment_is_valid_and_has_no_outputs(assignment: Assignment) -> None:
    notebook = nbformat.read(str(assignment.notebook), as_version=nbformat.NO_CONVERT)
    nbformat.validate(notebook)
    assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert len(code) >= 5
    assert all(cell.outputs == [] and cell.execution_count is None for cell in code)
    ids = [cell.id for cell in notebook.cells]
    assert len(set(ids)) == len(ids)


def test_building_again_gives_the_same_ids(assignment: Assignment) -> None:
    stubs = assignment.sources(assignment.folder)
    assert written(notebook_of(assignment, stubs, stubs)) == written(notebook_of(assignment, stubs, stubs))
    on_disk = nbformat.read(str(assignment.notebook), as_version=4)
    filled = made(assignment, {name: solved(t) for name, t in assignment.sources(assignment.solution).items()})
    assert [cell.id for cell in filled.cells] == [cell.id for cell in on_disk.cells]
    assert filled.metadata == on_disk.metadata  # it says what is untouched, so it does not depend on what was filled in


def test_cells_carry_what_nbgrader_asks_for(assignment: Assignment) -> None:
    notebook = nbformat.read(str(assignment.notebook), as_version=4)
    for cell in notebook.cells:
        if not cell.id.startswith("problem-"):
            data = cell.metadata.nbgrader
            assert (data.schema_version, data.grade_id, data.task) == (3, cell.id, False)
            assert {"grade", "solution", "locked"} <= set(data)
            assert data.solution == ("export" in cell.metadata.get("tags", []) and not cell.id.endswith("-head"))
            assert data.grade == cell.id.startswith("check-")
            assert not data.grade or (data.locked and "points" in data)


def test_every_code_problem_has_its_cells_below_its_text(assignment: Assignment) -> None:
    ids = [cell.id for cell in nbformat.read(str(assignment.notebook), as_version=4).cells]
    coded = [problem.id for problem in assignment.problems if problem.kind == "code"]
    assert [id for id in ids if id.startswith("check-")] == [f"check-{id}" for id in coded]
    assert ids.index("text-this-notebook" if "text-this-notebook" in ids else "this-notebook") < ids.index("setup")


def test_parts_keep_comments_and_drop_banners() -> None:
    source = (
        '"""M."""\n\nimport math\n\nE = 1\n\n# ----------------------------\n# Problem 1\n\n# of f\n'
        '@math.e\ndef f():\n    """Problem 1. F."""\n    ### END\n\n\n# of B\nB = 2\n\n\ndef g():\n    pass\n\n\n'
        "print(f)\n"
    )
    head, f, g, tail = parts_of(source, "m.py")
    assert (head.text, head.problem) == ('"""M."""\n\nimport math\n\nE = 1', "")
    assert f.text == '# of f\n@math.e\ndef f():\n    """Problem 1. F."""\n    ### END'
    assert g.text == "# of B\nB = 2\n\n\ndef g():\n    pass"
    assert [(part.name, part.problem) for part in (f, g, tail)] == [("f", "1"), ("g", "1"), ("tail", "1")]
    assert ast.dump(ast.parse(joined([p.text for p in (head, f, g, tail)]))) == ast.dump(ast.parse(source))


def test_two_definitions_of_one_name_are_refused() -> None:
    with pytest.raises(CourseError, match=r"m\.py: f is defined twice"):
        parts_of("def f(): ...\ndef f(): ...\n", "m.py")


def test_the_handout_is_cut_at_its_headings_and_speaks_jupyter() -> None:
    title, start, problem = sections_of(
        "# T\n\n## Start\n\n```sh\n## no heading\n```\n\n## Problem 2b: sums (3 points)\n\nx"
    )
    assert (title.text, start.problem, problem.problem) == ("# T", "", "2b")
    assert "## no heading" in start.text
    assert for_notebook("a\n```math\nx\n= y\n```\nb<!-- c -->") == "a\n$$\nx\n= y\n$$\nb"


def test_a_handout_without_a_place_for_points_or_without_a_problem_is_refused(tmp_path: Path) -> None:
    shutil.copytree(COURSES["hw7"], tmp_path / "course")
    assignment = load_course(tmp_path / "course").assignment("hw7")
    readme = assignment.folder / "README.md"
    with pytest.raises(CourseError, match=r"has no place for the points table"):
        with_points("# Without", assignment, readme)
    readme.write_text(readme.read_text().replace("## Problem 2: mean", "## Mean"))
    with pytest.raises(CourseError, match=r'README\.md: has no section "## Problem 2: \.\.\."'):
        made(assignment, assignment.sources(assignment.folder))


def test_extra_cells_must_name_a_problem(tmp_path: Path) -> None:
    shutil.copytree(COURSES["hw7"], tmp_path / "course")
    assignment = load_course(tmp_path / "course").assignment("hw7")
    (assignment.folder / "notebook.py").write_text('# %% problem="3"\n1 + 1\n\n# %%\n2 + 2\n')
    with pytest.raises(CourseError, match=r"notebook\.py: cell 2 names no problem"):
        made(assignment, assignment.sources(assignment.folder))
