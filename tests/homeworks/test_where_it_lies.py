"""Every form in which a homework is given out works from where it lies: a handout, the release, nbgrader's folder."""

import ast
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell

from grader.authoring.markers import BEGIN, END
from grader.authoring.release import write_release
from grader.commands.nbgrader import write_source
from grader.course.assignment import Assignment, load_course
from grader.course.document import filled_in

COURSE = load_course(Path(__file__))


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_checks_of_a_handout_run_where_it_lies(assignment: Assignment, handed_out, tmp_path: Path) -> None:
    root = handed_out(assignment, tmp_path)
    folder = root / "assignments" / assignment.name
    for name in assignment.modules:
        if assignment.document:
            document, reference = folder / assignment.document, (assignment.solution / name).read_text(encoding="utf-8")
            document.write_text(filled_in(document.read_text(encoding="utf-8"), reference), encoding="utf-8")
        else:
            shutil.copy(assignment.solution / name, folder)
    command = [sys.executable, "-m", "grader", "check", assignment.short]
    surroundings = {**os.environ, "PYTHONPATH": ""}
    done = subprocess.run(command, cwd=root, env=surroundings, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    assert "public checks pass" in done.stdout


def test_a_quick_run_of_the_experiment_from_a_handout(
    with_experiment: Assignment, answering, handed_out, tmp_path: Path
) -> None:
    """As a student starts it, whose numbers are 0-dimensional tensors with their graph.

    It takes no real results' place, and says in all that it writes that it is quick.
    """
    pillow = pytest.importorskip("PIL.Image")
    folder = handed_out(with_experiment, tmp_path / "course") / "assignments" / with_experiment.name
    for name, source in answering(with_experiment, "torch.tensor(x, requires_grad=True) * 1").items():
        (folder / name).write_text(source, encoding="utf-8")
    command = [sys.executable, "experiment.py", "--quick"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    (results,) = (folder / "results").glob("**/quick")
    beside = [path for path in (folder / "results").rglob("*") if path.is_file() and not path.is_relative_to(results)]
    assert beside == [], "where real results would lie, there is nothing"
    written = {kind: list(results.glob(f"*.{kind}")) for kind in ("md", "json", "png")}
    assert all(written.values())
    warning = "**Quick run: these numbers mean nothing.**\n\n|"
    for text in (done.stdout, *(file.read_text(encoding="utf-8") for file in written["md"])):
        tables = re.findall(r"^\|[ :-]*---", text, re.MULTILINE)
        assert text.count(warning) == len(tables) > 0
    assert all(json.loads(file.read_text(encoding="utf-8"))["quick"] for file in written["json"])
    for file in written["png"]:
        with pillow.open(file) as figure:
            colours = figure.convert("RGB").getcolors(1 << 24)
        letters = sum(count for count, (red, green, blue) in colours if red - green > 80 and abs(green - blue) < 12)
        assert letters > 500, f"{file.name} has no red letters"


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What the release of the whole course holds, for students."""
    folder = tmp_path_factory.mktemp("whole") / "release"
    write_release(COURSE, [COURSE.assignment(name) for name in COURSE.names()], folder)
    return contents(folder / "assignments")


def test_a_release_holds_each_homework_as_its_handout_does(
    assignment: Assignment, handed_out, released: dict[str, bytes], tmp_path: Path
) -> None:
    handout = contents(handed_out(assignment, tmp_path) / "assignments")
    assert {f"{assignment.name}/{file}" for file in assignment.handed_in} <= handout.keys()
    assert (f"{assignment.name}/{assignment.notebook.name}" in handout) == (not assignment.document)
    assert handout.items() <= released.items()


def test_regions_are_closed_in_their_cells_and_leave_functions_behind(programmed: Assignment, tmp_path: Path) -> None:
    """nbgrader puts a `raise` where a region was: at the top level it would run."""
    out = write_source(programmed, tmp_path / "source")
    cells = nbformat.read(str(out / programmed.notebook.name), as_version=4).cells
    solutions = [cell.source for cell in cells if cell.metadata.get("nbgrader", {}).get("solution")]
    assert solutions
    for source in solutions:
        assert source.count(BEGIN) == source.count(END)
        assert not source.startswith((BEGIN, END))
        released = re.sub(f"(?ms)^( *){BEGIN}$.*?^ *{END}$", r"\1raise NotImplementedError()", source)
        assert BEGIN not in released
        assert not [node for node in ast.parse(released).body if isinstance(node, ast.Raise)]
    whole = {id for name in programmed.modules for id in names_of((programmed.solution / name).read_text())}
    assert whole <= {id for cell in cells if cell.cell_type == "code" for id in names_of(cell.source)}


def names_of(source: str) -> set[str]:
    """The functions and classes at the top of a text, magics left out."""
    text = "\n".join("" if line.startswith(("%", "!")) else line for line in source.split("\n"))
    return {node.name for node in ast.parse(text).body if isinstance(node, ast.FunctionDef | ast.ClassDef)}


def test_what_nbgrader_gives_out_earns_full_marks_under_any_name_and_wherever_cells_go(
    programmed: Assignment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As `nbgrader autograde` runs it: in its own folder alone, where a check that does not pass raises."""
    out = write_source(programmed, tmp_path / "autograded" / "ada" / "week 3")
    notebook = nbformat.read(str(out / programmed.notebook.name), as_version=4)
    coded = [f"check-{problem.id}" for problem in programmed.problems if problem.kind == "code"]
    assert set(coded) <= {cell.id for cell in notebook.cells}
    notebook.cells.insert(0, new_code_cell("%cd -q /"))
    for at in [at for at, cell in enumerate(notebook.cells) if "import experiment" in cell.source]:
        notebook.cells.insert(at, new_code_cell("%cd -q -"))
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    NotebookClient(notebook, timeout=600, resources={"metadata": {"path": str(out)}}).execute()
    outputs = {cell.id: str(cell.get("outputs", "")) for cell in notebook.cells}
    assert [id for id in coded if "public checks pass" not in outputs[id]] == []
    if any(problem.kind == "experiment" for problem in programmed.problems):
        assert list((out / "results").rglob("*.md"))
