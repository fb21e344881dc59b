"""The last lines of a run: what was kept, what was passed over, and whether that is a success."""

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from grader.commands.choosing import NEVER
from grader.commands.conclude import Run, conclude
from grader.intake import ClassFolder, PassedOver
from grader.judge.result import Diagnosis
from grader.report.earlier import earlier
from grader.report.files import write_result


def concluded(
    out: Path,
    *results: Any,
    passed: tuple[PassedOver, ...] = (),
    notes: tuple[str, ...] = (),
    unexplained: frozenset[str] = frozenset(),
    left_out: Mapping[str, tuple[str, ...]] = {},
    kept: Mapping[str, Any] = {},
) -> Any:
    console = Console(file=io.StringIO(), width=100)
    before = earlier(out)
    run = Run(list(results), unexplained=set(unexplained), left_out=dict(left_out), kept=dict(kept))
    good = conclude(run, out, before, ClassFolder(out / "class", (), passed, notes), console)
    assert isinstance(console.file, io.StringIO)
    return good, console.file.getvalue()


def test_what_was_kept_is_told_and_no_fault(tmp_path: Path, made_up: Any) -> None:
    for name in ("ada", "bob", "carol", "dave", "erin"):
        write_result(tmp_path, made_up(name))
    good, said = concluded(tmp_path, made_up("bob"))
    assert good
    assert "Kept from earlier runs: 4 (ada, carol, dave and 1 more)." in said


@pytest.mark.parametrize(
    ("there", "says"),
    [
        (
            {"environment": {"grading_seed": "8"}},
            "1 of them cannot be compared with this run (ada): graded with another",
        ),
        ({"problems": "1"}, "1 of them cannot be compared"),
        ({"verdict": "grader_error"}, "Still without a grade from earlier runs: ada."),
    ],
)
def test_a_class_that_is_not_graded_alike_is_no_success(
    tmp_path: Path, there: dict[str, Any], says: str, made_up: Any
) -> None:
    write_result(tmp_path, made_up("ada", **there))
    good, said = concluded(tmp_path, made_up("bob"))
    assert not good
    assert says in said
    good, _ = concluded(tmp_path, made_up("ada"), made_up("bob"))
    assert good


def test_who_was_not_compared_with_known_mistakes_is_counted(tmp_path: Path, made_up: Any) -> None:
    _, said = concluded(tmp_path, made_up("ada"), made_up("bob"), unexplained=frozenset({"bob"}))
    assert "Not compared with known mistakes yet: 1. The same command does it." in said
    assert "ot compared" not in concluded(tmp_path, made_up("ada"))[1]


def test_who_was_not_asked_for_and_has_no_grade_is_told_and_no_success(tmp_path: Path, made_up: Any) -> None:
    good, said = concluded(
        tmp_path, made_up("ada"), left_out={"bob": (NEVER,), "carol": ("handed in",), "dave": (NEVER,)}
    )
    assert not good
    assert "1 of 4 graded." in said
    assert "Never graded, and not asked for: bob, dave. Grade without options." in said
    assert "Out of date, and not asked for: carol (handed in). Grade without options." in said
    good, said = concluded(tmp_path, made_up("ada"), left_out={"bob": (NEVER,)})
    assert not good
    assert "Out of date" not in said


WEAK = {"weak_confinement_allowed": True, "layers": ("rlimits",), "untried": ("torch 2.15.0 (tried: 2.13)",)}


@pytest.mark.parametrize("weak", ["ada", "bob"])
def test_weak_confinement_is_counted_over_all_results(tmp_path: Path, weak: str, made_up: Any) -> None:
    """Whether those that are kept were made with it, or those of this run."""
    of = {name: made_up(name, environment=WEAK if name == weak else {}) for name in ("ada", "bob")}
    write_result(tmp_path, of["ada"])
    _, said = concluded(tmp_path, of["bob"], kept={"ada": of["ada"]})
    assert "WEAK CONFINEMENT: 1 of 2 results were made with it; each says so." in said
    assert "Not tried with this grader: torch 2.15.0 (tried: 2.13); 1 of 2 results say so." in said
    assert "1 of 2 best (rlimits)" in said
    assert "1 of 2 best (seccomp)" in said


def test_results_that_were_made_alike_need_no_counts(tmp_path: Path, made_up: Any) -> None:
    _, said = concluded(tmp_path, made_up("ada"), made_up("bob"))
    assert "Confinement: best (seccomp).\n" in said
    assert "WEAK" not in said
    assert "Not tried" not in said
    _, said = concluded(tmp_path, made_up("ada", environment=WEAK), made_up("bob", environment=WEAK))
    assert "WEAK CONFINEMENT: 2 of 2 results were made with it; each says so." in said
    assert "Not tried with this grader: torch 2.15.0 (tried: 2.13); every result says so." in said


def test_a_damaged_result_is_told(tmp_path: Path, made_up: Any) -> None:
    (tmp_path / "ada.json").write_text("{")
    good, said = concluded(tmp_path, made_up("bob"))
    assert not good
    assert "Cannot be read as results: " in said
    assert "ada.json" in said


def test_mistakes_are_counted_over_the_class(tmp_path: Path, made_up: Any) -> None:
    wrong = made_up("ada", 0, "failed")
    known = Diagnosis(mutant="sums", says="You summed.", hint="", shown="always")
    checks = tuple(check.model_copy(update={"diagnosis": known}) for check in wrong.checks)
    write_result(tmp_path, wrong.model_copy(update={"checks": checks}))
    concluded(tmp_path, made_up("bob"))
    assert "1,1,2,0.5,You summed.,sums" in (tmp_path / "misconceptions.csv").read_text()


def test_what_was_passed_over_is_told_by_reasons(tmp_path: Path, made_up: Any) -> None:
    passed = (*(PassedOver(f"{i}.png", "graded by hand") for i in range(5)), PassedOver("index.html", "a list"))
    good, said = concluded(tmp_path, made_up("bob"), passed=passed, notes=("One folder deeper.",))
    assert good
    assert "5 × graded by hand: 0.png, 1.png, 2.png and 2 more" in said
    assert "1 × a list: index.html" in said
    assert "One folder deeper." in said
