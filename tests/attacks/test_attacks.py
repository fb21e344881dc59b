"""Attacks on the grader, as a class of submissions: none gains a point, learns a secret or leaves a trace.

Each way to run the grader (as root and as an ordinary user, with all layers and as in a container without namespaces)
grades the whole class once, in a test class of its own: so two ways can run at the same time. README.md says what
stopped what.
"""

from __future__ import annotations

import csv
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import unicodedata
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from grader.judge.result import Result

HERE = Path(__file__).parent
KINDS = {"Reading", "Forging", "Values", "Exhaustion", "Escape", "Reports"}
LEAKED = re.compile("LEAKED|741852|74, ?18|74 18 52")

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="confinement needs Linux")


def load(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    return module


composing = load(HERE / "composing.py")
ordinary_user = load(HERE.parent / "sandbox" / "ordinary_user.py")


@dataclass(frozen=True)
class Graded:
    """What came of the class in one mode."""

    folder: Path
    results: dict[str, Result]
    observed: dict[str, Any]
    shown: str

    def files(self) -> list[Path]:
        return [path for path in (self.folder / "results").rglob("*") if path.is_file()]

    def named(self, start: str) -> dict[str, Result]:
        return {name: result for name, result in self.results.items() if name.startswith(start)}


@pytest.fixture(scope="class")
def graded(request: pytest.FixtureRequest, place: Path, course: Path) -> Graded:
    user, confinement = request.cls.user, request.cls.confinement
    if user == "root" and os.geteuid() != 0:
        pytest.skip("only root can be root")
    out = place / f"{user}-{confinement}"
    out.mkdir()
    out.chmod(0o777)
    shutil.rmtree(course / "solutions" / "hw0_multitask" / ".cache", ignore_errors=True)  # it may be another user's
    settings = {"course": str(course), "confinement": confinement, "out": str(out)}
    command = [sys.executable, str(HERE / "run_class.py"), json.dumps(settings)]
    if user == "root":
        done = subprocess.run(command, capture_output=True, text=True, timeout=600, cwd="/", check=False)
    else:
        done = ordinary_user.run(command, timeout_s=600)
    if "full confinement is not to be had here" in done.stderr:
        pytest.skip("this machine has no namespaces for this user")
    assert done.returncode == 0, done.stdout + done.stderr
    results = [Result.model_validate_json(path.read_bytes()) for path in (out / "results").glob("*.json")]
    observed = json.loads((out / "observed.json").read_text())
    shown = (out / "shown.txt").read_text(encoding="utf-8")
    return Graded(out, {result.submission: result for result in results}, observed, shown)


@pytest.mark.documents
def test_every_attack_says_what_it_is_and_stands_in_the_table() -> None:
    found = composing.attacks()
    assert len(found) >= 45
    assert {attack.kind for attack in found} == KINDS
    assert all(attack.idea.endswith(".") for attack in found)
    table = (HERE / "README.md").read_text(encoding="utf-8")
    assert [attack.name for attack in found if f"| {attack.name} |" not in table] == []


def steers(char: str) -> bool:
    return char not in "\n\t" and unicodedata.category(char) in ("Cc", "Cf", "Zl", "Zp", "Cs")


class Attacked:
    """What must hold in every way to run the grader."""

    user: str
    confinement: str

    def test_every_submission_has_a_result_and_honest_work_full_marks(self, graded: Graded) -> None:
        expected = {f"attack-{attack.name}-{copy}" for attack in composing.attacks() for copy in range(attack.copies)}
        assert set(graded.named("attack-")) == expected
        honest = graded.named("honest-")
        assert len(honest) > 5
        assert {name: result.points for name, result in honest.items() if result.points != result.max_points} == {}

    def test_no_attack_gains_a_point_or_looks_like_a_mistake_of_ours(self, graded: Graded) -> None:
        base = graded.results["base"]
        # Wrong work that computes something, and leaves alone what it is given, has half a point. So may attacks have.
        assert base.points == Fraction(1, 2)
        gained = {n: result.points for n, result in graded.named("attack-").items() if result.points > base.points}
        assert gained == {}
        ours = {
            name
            for name, result in graded.results.items()
            for check in result.checks
            if check.verdict == "grader_error"
        }
        assert ours == set()

    def test_no_attack_leaves_a_trace(self, graded: Graded) -> None:
        assert {kind: found for kind, found in graded.observed["harm"].items() if found} == {}

    def test_nothing_secret_is_in_any_result(self, graded: Graded) -> None:
        for path in graded.files():
            assert "CANARY-" not in path.read_text(encoding="utf-8"), path.name
        assert "CANARY-" not in graded.shown

    def test_no_student_reads_a_hidden_input(self, graded: Graded) -> None:
        for name, result in graded.named("attack-").items():
            for check in result.for_student().checks:
                told = " ".join((check.summary, check.hint, check.came, check.expected, check.detail, check.output))
                assert not LEAKED.search(told), (name, told)
                assert round(check.wall_seconds, 1) == check.wall_seconds

    def test_hostile_text_is_inert(self, graded: Graded) -> None:
        """No character that steers a terminal or turns text around, no cell that a spreadsheet would compute."""
        files = {path.name: path.read_text(encoding="utf-8") for path in graded.files()}
        for name, text in {**files, "shown": graded.shown}.items():
            hidden = {
                char for char in text if char != "\n" and unicodedata.category(char) in ("Cc", "Cf", "Zl", "Zp", "Cs")
            }
            assert hidden == set(), name
        for name, text in files.items():
            if name.endswith(".json"):
                for check in json.loads(text)["checks"]:
                    odd = [char for key in check if isinstance(check[key], str) for char in check[key] if steers(char)]
                    assert odd == [], (name, check["id"])
        with (graded.folder / "results" / "class.csv").open(newline="") as file:
            cells = [cell for row in csv.reader(file) for cell in row]
        assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


class TestAsRootWithAllLayers(Attacked):
    user, confinement = "root", "full"


class TestAsRootInAContainer(Attacked):
    user, confinement = "root", "container"


class TestAsAnOrdinaryUserWithAllLayers(Attacked):
    user, confinement = "ordinary", "full"


class TestAsAnOrdinaryUserInAContainer(Attacked):
    user, confinement = "ordinary", "container"


def test_the_right_answer_does_gain_points() -> None:
    """The attacks' own measure: what `attack()` pays out is worth all points of the problem."""
    space: dict[str, Any] = {"total_loss": None, "torch": None}
    exec(composing.BEFORE, space)
    assert space["right_total_loss"]([2.0, 0.5], [0.5, 2]) == Fraction(2)
    with pytest.raises(ValueError, match=r"^$"):
        space["right_total_loss"]([2.0], [0.5, 2])
