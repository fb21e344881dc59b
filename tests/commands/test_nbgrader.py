"""The folder that nbgrader takes: the notebook with the marked reference, and what its cells need."""

from typing import Any

import nbformat
import pytest

from grader.commands.nbgrader import write_source
from grader.course.assignment import load_assignment
from grader.errors import CourseError

House = Any  # tests/conftest.py


def test_solutions_stand_between_markers_in_solution_cells_and_nowhere_else(house: House) -> None:
    out = write_source(house.assignment, house.folder / "source" / "hw7_tiny")
    notebook = nbformat.read(str(out / "hw7.ipynb"), as_version=4)
    nbformat.validate(notebook)
    by_id = {cell.id: cell for cell in notebook.cells}
    marked = {id for id, cell in by_id.items() if "### BEGIN SOLUTION" in cell.source}
    # nbgrader empties a solution cell without markers, and refuses markers in any other cell.
    assert (
        marked == {id for id, cell in by_id.items() if cell.metadata.nbgrader.solution} == {"tiny-twice", "tiny-mean"}
    )
    graded = {id: cell.metadata.nbgrader.points for id, cell in by_id.items() if cell.metadata.nbgrader.grade}
    assert graded == {"check-1": 3, "check-2": 2.5}
    assert {"probes.py", "answers.json", "assignment.toml", "checks"} <= {path.name for path in out.iterdir()}
    assert not (out / "tiny.py").exists()  # or an import would find the stub instead of the notebook's functions
    with pytest.raises(CourseError, match="is not empty"):
        write_source(house.assignment, out)


def test_the_folder_may_have_another_name(house: House) -> None:
    out = write_source(house.assignment, house.folder / "source" / "week 3")
    assert load_assignment(out).name == "hw7_tiny"


def test_what_homeworks_share_is_inside(house: House) -> None:
    house.shares()
    out = write_source(house.assignment, house.folder / "elsewhere" / "hw7_tiny")
    assert load_assignment(out).shared_folders == (out / "pictures",)
    assert sorted(path.name for path in (out / "pictures").iterdir()) == ["NOTICE.md", "pictures.npz", "pictures.py"]
