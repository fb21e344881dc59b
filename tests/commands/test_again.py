"""A class is graded again after something changed: exactly those are judged whom it concerns, and the run says why."""

import csv
import io
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from grader.authoring import framework
from grader.batch.explaining import Explaining
from grader.commands.choosing import Choice
from grader.commands.events import Stream
from grader.commands.grade import Settings, grade_class
from grader.course.digest import digest
from grader.errors import SandboxError
from grader.proof import deciding
from grader.proof.specimens import specimens
from grader.report.account import ASIDE, Account, Standing
from grader.report.files import read_result

House = Any  # tests/conftest.py
ALL = {"right", "sums", "unreadable"}


class Again:
    """A class of three, and how it was graded."""

    def __init__(self, house: House) -> None:
        self.house, self.class_folder, self.out = house, house.folder / "class", house.folder / "out"
        self.class_folder.mkdir()
        known = {each.name: each.modules["tiny"] for each in specimens(house.assignment)}
        sources = {"right": house.reference, "sums": known["sums"]}
        for name, source in {**sources, "unreadable": "def twice(x:\n"}.items():
            (self.class_folder / f"{name}.py").write_text(source)

    def run(self, **others: Any) -> tuple[set[str], str, bool]:
        """Who was judged, what was said, and whether the run went well."""
        console = Console(file=io.StringIO(), width=160)
        settings = Settings(**{"grading_seed": 7, "allow_weak": True, **others})
        good = grade_class(self.house.assignment, self.class_folder, self.out, settings, console, self.house.sandbox)
        with (self.out / "class.csv").open(newline="") as file:
            rows = {row["submission"]: row["run"] for row in csv.DictReader(file)}
        assert isinstance(console.file, io.StringIO)
        assert set(rows) == ALL or settings.choice.students
        return {name for name, run in rows.items() if run == "this"}, console.file.getvalue(), good


@pytest.fixture
def again(house: House) -> Again:
    return Again(house)


def edit(file: str, more: str = "\n# changed\n") -> Callable[[House], None]:
    """Adds something to a file of the tiny course."""

    def do(house: House) -> None:
        path = house.folder / file
        path.write_text(path.read_text() + more)

    return do


def hand_out(house: House) -> None:
    """Another notebook: what was handed out is what `right` handed in."""
    path = house.assignment.notebook
    notebook = json.loads(path.read_text())
    notebook["metadata"]["grader"]["modules"]["tiny"] = digest(house.reference)
    path.write_text(json.dumps(notebook))


TINY = "solutions/hw7_tiny"
EDITS: dict[str, tuple[Callable[[House], None], set[str], str]] = {
    "a submission": (edit("class/right.py"), {"right"}, "1 handed in something else"),
    "a check": (
        edit(f"{TINY}/checks/test_hidden.py"),
        ALL,
        f"3 because checks changed: {TINY}/checks/test_hidden.py",
    ),
    "the reference": (edit(f"{TINY}/tiny.py"), ALL, f"3 because the reference or its data changed: {TINY}/tiny.py"),
    "a probe": (
        edit("assignments/hw7_tiny/probes.py"),
        ALL,
        "3 because probes changed: assignments/hw7_tiny/probes.py",
    ),
    "the notebook": (hand_out, ALL, "3 because the handout changed: what notebooks and documents ask for"),
    "a known mistake": (
        edit(f"{TINY}/mutants/sums.toml"),
        {"sums", "unreadable"},
        f"2 because known mistakes changed: {TINY}/mutants/sums.toml",
    ),
}


@pytest.mark.parametrize("what", EDITS)
def test_a_file_that_changed(what: str, again: Again) -> None:
    do, whom, told = EDITS[what]
    assert again.run()[0] == ALL
    do(again.house)
    judged, said, good = again.run()
    assert (judged, good) == (whom, True), said
    assert told in said
    assert (f"{len(ALL - whom)} kept" in said) == (whom != ALL)


def test_nothing_changed_and_then_settings(again: Again) -> None:
    assert again.run()[0] == ALL
    judged, said, good = again.run()
    assert (judged, good) == (set(), True), said
    assert "3 kept, because nothing changed." in said
    assert "3 of 3 graded" in said
    for settings, told in (
        ({"grading_seed": 8}, "3 because the grading seed changed"),
        ({"grading_seed": 8, "confinement": "full"}, "3 because the confinement changed (best; now full)"),
        ({"grading_seed": 8, "choice": Choice(force=True)}, "3 graded again: 3 because"),
    ):
        judged, said, good = again.run(**settings)
        assert (judged, good) == (ALL, True), said
        assert told in said


def test_other_problems(again: Again) -> None:
    assert again.run(only=frozenset({"1"}))[0] == ALL
    assert again.run(only=frozenset({"1"}))[0] == set()
    judged, said, _ = again.run()
    assert judged == ALL
    assert "3 because other problems were asked (1; now all)" in said


def test_a_file_of_the_grader_and_a_version(again: Again, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = Path(deciding.__file__).parents[1]
    shutil.copytree(package, tmp_path / "grader", ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(framework, "PACKAGE", tmp_path / "grader")
    monkeypatch.setattr(deciding, "PACKAGE", tmp_path / "grader")
    assert again.run()[0] == ALL
    with (tmp_path / "grader" / "report" / "terminal.py").open("a") as file:
        file.write("# only tells\n")
    assert again.run()[0] == set()
    with (tmp_path / "grader" / "judge" / "compare.py").open("a") as file:
        file.write("# decides\n")
    judged, said, _ = again.run()
    assert judged == ALL
    assert "3 because the grader changed: grader/judge/compare.py." in said
    real = deciding.version
    monkeypatch.setattr(deciding, "version", lambda name: "99.0" if name == "torch" else real(name))
    judged, said, _ = again.run()
    assert judged == ALL
    assert f"3 because versions changed: torch {real('torch')} -> 99.0." in said


def test_damaged_results_are_made_anew(again: Again) -> None:
    again.run()
    first = {path.name: path.read_text() for path in again.out.glob("*.json")}
    (again.out / "right.json").write_text(first["right.json"].replace("passed", "failed", 1))
    (again.out / "sums.json").write_text(first["sums.json"][:99])
    judged, said, good = again.run()
    assert (judged, good) == ({"right", "sums"}, True), said
    assert "2 graded again: 2 with a result that was changed or damaged since" in said
    assert '"failed"' not in (again.out / "right.json").read_text()


def test_some_are_asked_for(again: Again) -> None:
    again.run()
    assert again.run(choice=Choice(only_failed=True))[0] == {"sums", "unreadable"}
    assert again.run(choice=Choice(only_errors=True))[0] == set()
    assert again.run(choice=Choice(students=("right",)))[0] == {"right"}
    edit(f"{TINY}/checks/test_hidden.py")(again.house)
    judged, said, good = again.run(choice=Choice(students=("right",)))
    assert (judged, good) == ({"right"}, False)
    assert "Out of date, and not asked for: sums, unreadable (because checks changed:" in said
    assert again.run()[0] == {"sums", "unreadable"}


def test_who_was_never_graded_and_not_asked_for_is_told(again: Again) -> None:
    judged, said, good = again.run(choice=Choice(students=("right",)))
    assert (judged, good) == ({"right"}, False)
    assert "1 of 3 graded." in said
    assert "Never graded, and not asked for: sums, unreadable." in said


def test_who_was_graded_and_not_compared_is_only_compared(again: Again, monkeypatch: pytest.MonkeyPatch) -> None:
    """The run before ended when everybody had points; what the checks saw lies beside the results."""

    def ends(*arguments: Any) -> Any:
        raise SandboxError("the machine was switched off")

    with monkeypatch.context() as patched:
        patched.setattr(Explaining, "explained", ends)
        judged, said, good = again.run()
    assert (judged, good) == (ALL, False)
    assert "Not compared with known mistakes yet: 1." in said
    before = read_result(again.out / "sums.json")
    assert [path.name for path in (again.out / ASIDE).iterdir()] == ["sums.frame"]
    events = io.StringIO()
    judged, said, good = again.run(events=Stream(events))
    assert (judged, good) == ({"sums"}, True), said
    told = [json.loads(line) for line in events.getvalue().splitlines()]
    assert (told[0]["to_grade"], told[0]["kept"], told[0]["resumed"]) == (0, 2, ["sums"])
    assert [told[-1][each] for each in ("graded", "resumed", "kept", "left_out")] == [0, 1, 2, {}]
    assert "2 kept, because nothing changed; 1 graded before, and now compared with known mistakes." in said
    after = read_result(again.out / "sums.json")
    assert after.graded_at == before.graded_at
    assert {check.diagnosis.mutant for check in after.checks if check.diagnosis} == {"sums"}
    assert not (again.out / ASIDE).exists()
    assert again.run()[0] == set()


def test_who_changes_the_hand_in_while_it_is_only_compared_is_graded_anew(
    again: Again, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(Explaining, "explained", lambda *arguments: iter(()))
        again.run()
    resumable = Account.resumable

    def resumable_and_changed(account: Account, standing: Standing) -> Standing:
        found = resumable(account, standing)
        assert found.resumed == ("sums",)
        (again.class_folder / "sums.py").write_text(again.house.reference)
        return found

    with monkeypatch.context() as patched:
        patched.setattr(Account, "resumable", resumable_and_changed)
        assert again.run()[0] == {"sums"}
    assert read_result(again.out / "sums.json").verdict == "failed"  # of what was handed in before
    judged, said, good = again.run()
    assert (judged, good) == ({"sums"}, True), said
    assert "1 handed in something else" in said
    assert read_result(again.out / "sums.json").verdict == "passed"


def test_what_lies_aside_and_was_damaged_is_graded_again(again: Again, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(Explaining, "explained", lambda *arguments: iter(()))
        again.run()
    (frame,) = (again.out / ASIDE).iterdir()
    frame.write_bytes(frame.read_bytes()[:-1])
    judged, said, good = again.run()
    assert (judged, good) == ({"sums"}, True), said
    assert "1 graded again: 1 not compared with known mistakes yet" in said
