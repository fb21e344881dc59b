"""`submit`: what a student reads before handing in, and the zip that the grader then reads."""

import io
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import nbformat
import pytest
from click.testing import CliRunner
from rich.console import Console

from grader.authoring.markers import solved
from grader.authoring.notebook import exported, notebook_of, written
from grader.cli import main
from grader.commands import package
from grader.commands.by_hand import files_by_hand, unanswered
from grader.commands.submit import hand_in
from grader.errors import GraderError
from grader.intake import Submission, Wanted, read_submission

House = Any  # tests/conftest.py
Submit = Callable[..., tuple[bool, str]]


@pytest.fixture
def right(house: House) -> str:
    """The module as a good student writes it."""
    return solved(house.reference)


@pytest.fixture
def homework(house: House, right: str) -> Path:
    """The homework's folder as a student has it, done but for nothing: no solutions, two files beside the code."""
    folder = house.folder / "assignments/hw7_tiny"
    toml = (folder / "assignment.toml").read_text()
    (folder / "assignment.toml").write_text(f'hand_in = ["written.md", "*.png"]\n{toml}')
    shutil.rmtree(house.folder / "solutions")
    (folder / "tiny.py").write_text(right)
    (folder / "written.md").write_text("# HW7\n\n## 3a. Why twice?\n\nBecause.\n\n![a plot](plot.png)\n")
    (folder / "plot.png").write_bytes(b"\x89PNG" * 9)
    return folder


@pytest.fixture
def mine(house: House) -> Path:
    """The zip that is written."""
    return Path(house.folder, "out", "mine.zip")


@pytest.fixture
def submit(house: House, homework: Path, mine: Path) -> Submit:
    def submit(where: Path = homework, zip_path: Path = mine, *, anyway: bool = False) -> tuple[bool, str]:
        said = io.StringIO()
        done = hand_in(house.assignment, where, zip_path, anyway=anyway, console=Console(file=said, width=200))
        return done, said.getvalue()

    return submit


def files(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def work_in_the_notebook(house: House, homework: Path, text: str) -> Path:
    """Writes `text` into the cells of the notebook that was handed out, beside a cell of the student's own."""
    assignment = house.assignment
    stub = exported(nbformat.read(assignment.notebook, 4))
    notebook = notebook_of(assignment, {"tiny": text}, stub)
    plot = nbformat.v4.new_code_cell("1 / 0", outputs=[nbformat.v4.new_output("stream", text="my plot")])
    notebook.cells.append(plot)
    path = Path(homework, assignment.notebook.name)
    path.write_text(written(notebook))
    return path


def accepted(house: House, path: Path) -> Submission:
    submission = read_submission(path, Wanted.of(house.assignment))
    assert submission.refusal is None
    return submission


# ---- what is written ----------------------------------------------------------------------------------------------


def test_good_work_becomes_a_zip_that_the_grader_reads(
    house: House, homework: Path, submit: Submit, mine: Path
) -> None:
    done, said = submit()
    assert done
    assert "1  Twice: 1 of 1 pass\n" in said
    assert "missing" not in said
    assert "gap" not in said
    assert f"Wrote {mine} (" in said
    assert said.endswith("Next: hand in mine.zip where your course collects homework.\n")
    assert list(files(mine)) == ["plot.png", "tiny.py", "written.md"]
    assert files(mine)["written.md"] == (homework / "written.md").read_bytes()
    assert accepted(house, mine).fingerprint == accepted(house, homework).fingerprint
    assert [path.name for path in mine.parent.iterdir()] == ["mine.zip"]


def test_the_same_work_makes_the_same_zip_and_takes_the_place_of_the_earlier_one(submit: Submit, mine: Path) -> None:
    submit()
    before = mine.read_bytes()
    done, said = submit()
    assert done
    assert "in place of your earlier one" in said
    assert mine.read_bytes() == before


def test_work_on_the_homework_that_is_not_packed_is_named(
    house: House, homework: Path, right: str, submit: Submit, mine: Path
) -> None:
    other, blank = right.replace("2 * x", "x + x"), house.assignment.notebook.read_bytes()
    work_in_the_notebook(house, homework, other).rename(homework / "hw7 (1).ipynb")
    house.assignment.notebook.write_bytes(blank)
    (homework / "tiny copy.py").write_text(right)  # holds the same, so nothing would be lost
    (homework / "plots.ipynb").write_text("{}")
    done, said = submit()
    assert done
    assert "Not packed, though it looks like work on this homework: hw7 (1).ipynb.\n" in said
    assert "look at the gap named above" in said
    assert files(mine)["tiny.py"] == right.encode()


def test_two_files_that_could_be_the_module_are_told_before_anything_is_packed(
    homework: Path, right: str, submit: Submit, mine: Path
) -> None:
    (homework / "tiny (1).py").write_text(right.replace("2 * x", "x + x"))
    done, said = submit()
    assert not done
    assert "it is not clear which file is tiny.py: found tiny (1).py, tiny.py, which differ" in said
    assert not mine.exists()


def test_failed_checks_are_told_and_stop_nothing(homework: Path, right: str, submit: Submit, mine: Path) -> None:
    (homework / "tiny.py").write_text(right.replace("2 * x", "3 * x"))
    done, said = submit()
    assert done
    assert "1  Twice: 0 of 1 pass\n     failed: Twice a small vector. The answer has other values than expected" in said
    assert mine.is_file()


def test_a_missing_function_is_named(homework: Path, submit: Submit, mine: Path) -> None:
    (homework / "tiny.py").write_text("def mean(x):\n    return x\n")
    done, said = submit()
    assert done
    assert "missing: tiny.py has no `twice`.\n" in said
    assert "Before you hand it in, look at the gap named above" in said
    (homework / "tiny.py").write_text("def twice(x):\n    raise NotImplementedError('later')\n")
    _, said = submit()
    assert "missing: not implemented yet (line 2 of tiny.py, in twice).\n" in said


# ---- modules or notebook ------------------------------------------------------------------------------------------


def test_the_notebook_counts_when_the_student_wrote_in_it(
    house: House, homework: Path, right: str, submit: Submit, mine: Path
) -> None:
    (homework / "tiny.py").write_text(exported(nbformat.read(homework / "hw7.ipynb", 4))["tiny"])
    path = work_in_the_notebook(house, homework, right)
    done, said = submit()
    assert done
    assert "What counts: hw7.ipynb\n" in said
    assert "tiny.py is as it was handed out, so hw7.ipynb counts" in said
    assert list(files(mine)) == ["hw7.ipynb", "plot.png", "written.md"]
    assert files(mine)["hw7.ipynb"] == path.read_bytes()  # with its outputs, for those who grade by hand
    submission = accepted(house, mine)
    assert submission.view == "notebook"
    assert submission.fingerprint == accepted(house, path).fingerprint


def test_the_modules_count_when_the_student_wrote_in_both_and_that_is_said(
    house: House, homework: Path, right: str, submit: Submit, mine: Path
) -> None:
    work_in_the_notebook(house, homework, right.replace("2 * x", "5 * x"))
    done, said = submit()
    assert done
    assert "What counts: tiny.py\n" in said
    assert "tiny.py and hw7.ipynb were both written in: tiny.py counts and hw7.ipynb does not." in said
    assert list(files(mine)) == ["plot.png", "tiny.py", "written.md"]


def test_one_file_can_be_named(house: House, homework: Path, right: str, submit: Submit, mine: Path) -> None:
    path = work_in_the_notebook(house, homework, right).rename(homework / "hw7 (1) copy.ipynb")
    done, said = submit(path)
    assert done
    assert "What counts: hw7.ipynb\n" in said
    assert "hw7 (1) copy.ipynb was taken as hw7.ipynb" in said
    assert sorted(files(mine)) == ["hw7.ipynb", "plot.png", "written.md"]


def test_a_notebook_of_another_name_is_found(
    homework: Path, house: House, right: str, submit: Submit, mine: Path
) -> None:
    path = work_in_the_notebook(house, homework, right).rename(homework / "my [hw7].ipynb")
    (homework / "tiny.py").unlink()
    done, _ = submit()
    assert done
    assert files(mine)["hw7.ipynb"] == path.read_bytes()


def test_a_huge_notebook_is_packed_without_its_outputs(house: House, homework: Path, right: str) -> None:
    path = work_in_the_notebook(house, homework, right)
    assert package.without_bulk(path.read_bytes()) == path.read_bytes()
    huge = path.read_bytes().replace(b"my plot", b"x" * package.BULK)
    slim = package.without_bulk(huge)
    assert len(slim) < 100_000
    (homework / "slim.ipynb").write_bytes(slim)
    assert accepted(house, homework / "slim.ipynb").fingerprint == accepted(house, path).fingerprint


# ---- what cannot be graded ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            "import torch\nimport no_such_library\n",
            "Importing tiny.py fails (line 2 of tiny.py, at the top level: `import no_such_library`): "
            "there is no module `no_such_library` here.\n"
            "  ModuleNotFoundError: No module named 'no_such_library'\n",
        ),
        ("x = 1\ndef twice(x)\n    return x\n", "Python cannot read line 2 of tiny.py: expected ':'.\n"),
        (f"x = {'-' * 20_000}1\n", "Python cannot read line 1 of tiny.py: it is nested too deeply for Python.\n"),
    ],
)
def test_what_cannot_be_imported_is_not_written_unless_the_student_insists(
    homework: Path, submit: Submit, mine: Path, text: str, says: str
) -> None:
    (homework / "tiny.py").write_text(text)
    done, said = submit()
    assert not done
    assert says in said
    assert "Nothing was written" in said
    assert "make submit HW=hw7 ARGS=--anyway" in said
    assert not mine.exists()
    done, said = submit(anyway=True)
    assert done
    assert says in said
    assert files(mine)["tiny.py"] == text.encode()


def test_what_cannot_be_read_is_not_written(homework: Path, submit: Submit, mine: Path) -> None:
    (homework / "tiny.py").write_text("")
    (homework / "hw7.ipynb").unlink()
    done, said = submit(anyway=True)
    assert not done
    assert "Your work cannot be read: tiny.py is empty." in said
    assert not mine.exists()


# ---- what is graded by hand ---------------------------------------------------------------------------------------


def test_what_is_missing_or_unchanged_is_told_and_stops_nothing(homework: Path, submit: Submit, mine: Path) -> None:
    (homework / "plot.png").unlink()
    (homework / "written.md").write_text("# HW7\n\n## 3a. Why twice? (1 point)\n\n> *your answer*\n\n![p](plot.png)\n")
    done, said = submit()
    assert done
    assert f"There is no *.png in {homework}.\n" in said
    assert "written.md still has a place to fill in below “3a. Why twice?”.\n" in said
    assert f"written.md shows plot.png, which is not in {homework}.\n" in said
    assert "look at the 3 gaps named above" in said
    assert list(files(mine)) == ["tiny.py", "written.md"]


def test_an_empty_file_and_a_hidden_one(homework: Path) -> None:
    (homework / "written.md").write_text(" \n")
    (homework / ".hidden.png").write_bytes(b"x")
    found = files_by_hand(["written.md", "*.png"], homework)
    assert found.remarks == ("written.md is empty.",)
    assert sorted(found.files) == ["plot.png", "written.md"]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("## 7a\n\n> *your answer*\n", ["7a"]),
        ("## 7a (2 points)\n\n> *your answer*\n\n## 7b\n\n> _answer_\n", ["7a", "7b"]),
        ("> *your answer*\n", ["the beginning"]),
        ("## 7a\n\n> *what I expect:*\n\n> *what came out:*\n", ["7a"]),
        ("## 7a\n\n> *paste the table here*\n\n![plot](plot.png)\n", ["7a"]),
        ("## 7a\n\n> *your answer*\n>\n> It is.\n", []),
        ("## 7a\n\n> *your answer*\n\nIt is.\n\n## 7b\n\nToo.\n", []),
        ("## 7a\n\n> *your answer* It is.\n", []),
        ("## 7a\n\nIt is *so*.\n\n> *Nature* says so too.\n", []),
        ("", []),
    ],
)
def test_places_to_fill_in(text: str, left: list[str]) -> None:
    assert unanswered(text) == left


def test_the_answers_of_the_real_handout_are_all_open() -> None:
    text = (Path(__file__).parents[2] / "assignments/hw0_multitask/written.md").read_text()
    assert [title.split(".")[0] for title in unanswered(text)] == ["7a", "7b", "7c", "7d", "8a", "8b", "8c"]


# ---- where it is written ------------------------------------------------------------------------------------------


def test_no_other_file_is_overwritten(homework: Path, submit: Submit, mine: Path) -> None:
    mine.parent.mkdir()
    mine.write_bytes(b"my thesis")
    with pytest.raises(GraderError, match=r"is there already, and was not made by this\. Move it away"):
        submit()
    mine.write_bytes(package.packed({"a.py": b"x"}, "hw3_other"))
    with pytest.raises(GraderError, match=r"is there already, and is your hand-in of hw3_other\. Move it away"):
        submit()
    assert files(mine) == {"a.py": b"x"}
    with pytest.raises(GraderError, match=r"Give it a name that ends in \.zip"):
        submit(zip_path=homework / "tiny.py")
    with pytest.raises(GraderError, match="is packed already"):
        submit(mine, mine.with_name("other.zip"))
    (homework / "folder").write_text("")
    with pytest.raises(GraderError, match="cannot be written"):
        submit(zip_path=homework / "folder" / "mine.zip")


def test_what_reads_back_differently_is_not_written(mine: Path) -> None:
    with pytest.raises(GraderError, match="This is our mistake, not yours"):
        package.write(mine, b"", accepted=lambda draft: False)
    assert list(mine.parent.iterdir()) == []


def test_more_than_the_grader_accepts_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(package, "LIMIT", 10_000)
    with pytest.raises(GraderError, match=r"larger than 10\.0 kB\. The largest file is b\.png \(20\.0 kB\)"):
        package.packed({"a.py": b"x", "b.png": Random(0).randbytes(20_000)}, "hw7")


def test_the_command(house: House, homework: Path, mine: Path) -> None:
    def typed(*words: str) -> Any:
        command = ["--course", str(house.folder), "submit", "hw7", "--out", str(mine), *words]
        return CliRunner().invoke(main, command, catch_exceptions=False)

    assert typed().exit_code == 0
    (homework / "tiny.py").write_text("import no_such_library\n")
    assert typed().exit_code == 1
    assert typed("--anyway").exit_code == 0
    mine.write_bytes(b"my thesis")
    done = typed()
    assert done.exit_code == 2
    assert "is there already" in done.stderr
