"""The record of the slow proofs: written when all holds, refused when it is old, and found out when it lies."""

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from grader.commands.verify import Keep, verify_assignment
from grader.course.assignment import load_course
from grader.errors import CourseError
from grader.proof.kept import AGAIN, CURRENT, FEW, NAME
from grader.proof.known_outcomes import AGAIN as KNOWN_AGAIN
from grader.proof.survivors import KILLED
from grader.sandbox.forked import Sandbox

TINY = Path(__file__).parent.parent / "courses" / "tiny"
Verified = Callable[..., tuple[bool, dict[str, Any]]]
SOLUTION = Path("solutions") / "hw7_tiny"


@pytest.fixture(scope="session")
def verified(sandbox: Sandbox) -> Verified:
    """Runs `verify` on the course in a folder: whether all held, and the JSON."""

    def verify(folder: Path, *, keep: Keep = "nothing") -> tuple[bool, dict[str, Any]]:
        course, report = load_course(folder), folder / "report.json"
        quiet = Console(quiet=True)
        good = verify_assignment(course, course.assignment("hw7"), 1, 2, report, quiet, keep=keep, sandbox=sandbox)
        return good, json.loads(report.read_text())

    return verify


@pytest.fixture(scope="module")
def proved(tmp_path_factory: pytest.TempPathFactory, verified: Verified) -> Path:
    """A course whose slow proofs were made and kept."""
    course = tmp_path_factory.mktemp("proved") / "course"
    shutil.copytree(TINY, course, ignore=shutil.ignore_patterns(".cache", "__pycache__"))
    assert verified(course, keep="all")[0]
    return course


@pytest.fixture
def course(proved: Path, tmp_path: Path) -> Path:
    """The same, in which something has changed since that decides a grade, so that the large sample is drawn."""
    course = shutil.copytree(proved, tmp_path / "course")
    (course / SOLUTION / "known.json").unlink()
    return course


def failed(report: dict[str, Any], statement: str) -> dict[str, str]:
    return {p["specimen"]: p["why_not"] for p in report["proofs"] if p["statement"] == statement and not p["held"]}


def test_a_kept_record_tells_the_same_as_grading_everything(course: Path, verified: Verified) -> None:
    everything = json.loads((course / "report.json").read_text())
    good, report = verified(course)
    assert good
    told = [[(g["mutated"], g["killed_by"], g["reason"]) for g in r["generic"]] for r in (everything, report)]
    assert told[0] == told[1]
    again = [proof for proof in report["proofs"] if proof["statement"] == AGAIN]
    assert len(again) == len(report["generic"])  # so few that all of them are drawn
    assert not [proof for proof in everything["proofs"] if proof["statement"] in (AGAIN, CURRENT)]


def test_where_nothing_changed_that_decides_a_grade_a_smaller_sample_is_drawn(
    course: Path, verified: Verified, proved: Path
) -> None:
    shutil.copy(proved / SOLUTION / "known.json", course / SOLUTION)
    good, report = verified(course)
    assert good
    assert re.match(r"\d+ of 36 gradings, drawn with framework \w+, because nothing that decides", report["graded"])
    assert sum(proof["statement"] == AGAIN for proof in report["proofs"]) == FEW[0] < len(report["generic"])
    assert sum(proof["statement"] == KNOWN_AGAIN for proof in report["proofs"]) < 28
    assert {(check["right_gradings"], *check["failed_right_gradings"]) for check in report["checks"]} == {(21,)}
    assert report["kills"] == json.loads((proved / "report.json").read_text())["kills"]


def test_a_comment_may_change_and_code_may_not(course: Path, verified: Verified) -> None:
    reference = course / SOLUTION / "tiny.py"
    reference.write_text("# What the homework is about.\n" + reference.read_text())
    assert failed(verified(course)[1], CURRENT) == {}
    mutant = course / SOLUTION / "mutants" / "sums.toml"
    mutant.write_text(mutant.read_text().replace(".sum()", ".sum() * 1"))
    good, report = verified(course)
    assert not good
    assert failed(report, CURRENT) == {NAME: "mutants/sums.toml changed since. Run: make prove HW=hw7"}


def test_a_record_that_lies_is_found_out(course: Path, verified: Verified) -> None:
    path = course / SOLUTION / NAME
    record = json.loads(path.read_text())
    (survivor,) = [name for name, fared in record["generic"].items() if not fared["killed_by"]]
    killed = next(name for name, fared in record["generic"].items() if fared["killed_by"])
    record["generic"][survivor]["killed_by"], record["generic"][killed]["killed_by"] = ["test_mean"], []
    path.write_text(json.dumps(record))
    good, report = verified(course)
    assert not good
    assert sorted(failed(report, AGAIN).values()) == [
        "it was killed, now it is not killed",
        "it was not killed, now it is killed",
    ]
    assert len(failed(report, KILLED)) == 1


def test_a_record_that_is_none(course: Path, verified: Verified) -> None:
    (course / SOLUTION / NAME).write_text('{"schema_version": 1}')
    with pytest.raises(CourseError, match=r"proofs\.json: made_with: .*Run: make prove HW=hw7"):
        verified(course)


def test_what_does_not_hold_is_not_kept(course: Path, verified: Verified) -> None:
    (course / SOLUTION / NAME).unlink()
    (course / SOLUTION / "equivalent.toml").unlink()
    assert not verified(course, keep="all")[0]
    assert not (course / SOLUTION / NAME).exists()
