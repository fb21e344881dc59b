"""The record of known solutions tells what grading told; where anything is not as it was, it counts for nothing."""

import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from grader.batch.class_run import grade
from grader.course.assignment import Assignment, load_course
from grader.judge.result import Result
from grader.proof.deciding import deciding
from grader.proof.known_outcomes import NAME, Came, Known, key, prove_known_again, usable
from grader.proof.plan import plan
from grader.proof.specimens import specimens
from grader.proof.verify import Trial, prove, trials
from grader.sandbox.forked import Sandbox

House = Any  # tests/conftest.py
TINY = Path(__file__).parent.parent / "courses" / "tiny"
SEED = 7

# A mutant for which one check gives half its points.
HALF = """
says = "You gave back the number itself."
problem = "1"
hint = "Twice it."

[[change]]
where = "tiny.twice"
before = "return 2 * x"
after = "return x"
"""


def planned_of(assignment: Assignment) -> list[Trial]:
    return trials(specimens(assignment), SEED, 2)


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory, sandbox: Sandbox) -> list[tuple[Trial, Result]]:
    """Every known solution of the tiny course, and a mutant for which a check gives a part of its points."""
    folder = tmp_path_factory.mktemp("graded") / "course"
    shutil.copytree(TINY, folder, ignore=shutil.ignore_patterns(".cache", "__pycache__"))
    (folder / "solutions/hw7_tiny/mutants/half.toml").write_text(HALF)
    assignment = load_course(folder).assignment("hw7")
    planned = planned_of(assignment)
    jobs = [trial.job() for trial in planned]
    results = {job.name: result for job, result in grade(jobs, assignment, SEED, sandbox=sandbox, allow_weak=True)}
    return [(trial, results[trial.name]) for trial in planned]


@pytest.fixture
def kept(house: House, graded: Sequence[tuple[Trial, Result]]) -> Assignment:
    """The same course, whose record is of today."""
    (house.folder / "solutions/hw7_tiny/mutants/half.toml").write_text(HALF)
    assignment: Assignment = house.assignment
    (assignment.solution / NAME).write_text(Known.of(graded, deciding(assignment)).text())
    return assignment


def reason(assignment: Assignment) -> str:
    return usable(assignment, planned_of(assignment), deciding(assignment))[1]


def test_what_is_kept_tells_the_same_as_the_grading(kept: Assignment, graded: Sequence[tuple[Trial, Result]]) -> None:
    known, why = usable(kept, planned_of(kept), deciding(kept))
    assert (known is not None, why) == (True, "")
    assert known is not None
    told = [(trial, known.came[key(trial)].as_result(graded[0][1], trial)) for trial, _ in graded]
    for (trial, result), (_, again) in zip(graded, told, strict=True):
        seen = [[(c.id, c.problem, c.verdict, c.points, c.max_points) for c in r.checks] for r in (result, again)]
        assert seen[0] == seen[1], trial.name
        assert (result.points, result.max_points, result.problems) == (again.points, again.max_points, again.problems)
    proofs = [[(p.statement, p.specimen, p.held) for p in prove(each)] for each in (graded, told)]
    assert proofs[0] == proofs[1]
    half = next(came for name, came in known.came.items() if "half" in name)
    assert {check: str(points) for check, points in half.credit.items()} == {"test_twice_a_number": "1/2"}


def test_the_file_has_a_line_for_each_grading(kept: Assignment) -> None:
    lines = (kept.solution / NAME).read_text().splitlines()
    assert [line for line in lines if line.strip().startswith('"reference reference@7"')] == [
        '  "reference reference@7": {},'
    ]
    assert sum('"mutant ' in line for line in lines) == 4  # three, and one of them twice


def test_nothing_is_graded_that_is_kept_and_was_not_drawn(
    kept: Assignment, graded: Sequence[tuple[Trial, Result]]
) -> None:
    every = planned_of(kept)
    chosen = plan(kept, every, "lot", whole=False)
    assert len(chosen.chosen) < len(every)
    said = (
        f"{len(chosen.chosen)} of {len(every)} gradings, drawn with lot, because nothing that decides a grade changed"
    )
    assert str(chosen).startswith(said)
    now = [(trial, result) for trial, result in graded if key(trial) in {key(each) for each in chosen.chosen}]
    assert [key(trial) for trial, _ in chosen.all_results(now)] == [key(trial) for trial in every]
    again = chosen.prove_again(now)
    assert len(again) == len(now)
    assert all(proof.held for proof in again)
    whole = plan(kept, every, "lot", whole=True)
    assert whole.chosen == every
    assert str(whole) == f"all {len(every)} gradings, because that was asked for"
    assert whole.prove_again(graded) == []


def test_whatever_is_not_as_it_was_makes_the_record_count_for_nothing(kept: Assignment) -> None:
    path = kept.solution / NAME
    text = path.read_text()
    assert reason(kept) == ""

    path.write_text(text.replace('"mutant sums@7": {"short": {"failed": ["test_mean"]}}', '"mutant sums@7": {}'))
    assert path.read_text() != text
    assert reason(kept) == "known.json was changed by hand"

    path.write_text(text.replace('"version of torch": "', '"version of torch": "1.'))
    assert reason(kept) == "version of torch changed since known.json"
    record = json.loads(text)
    record["depends"] = {name: "0" for name in record["depends"]}
    path.write_text(json.dumps(record))
    assert reason(kept).startswith("assignments/hw7_tiny/answers.json, assignments/hw7_tiny/assignment.toml, ")
    assert reason(kept).endswith("more changed since known.json")

    path.write_text('{"schema_version": 1}')
    assert reason(kept) == "known.json is none of ours (Field required)"
    path.unlink()
    assert reason(kept) == "there is no known.json (make known HW=hw7 writes it)"

    path.write_text(text)
    others = trials(specimens(kept), SEED + 1, 2)
    assert usable(kept, others, deciding(kept))[1] == "known.json is of other gradings, such as other seeds"
    mutant = kept.solution / "mutants" / "sums.toml"
    mutant.write_text(mutant.read_text().replace(".sum()", ".sum() + 1"))
    assert reason(kept) == "solutions/hw7_tiny/mutants/sums.toml changed since known.json"


def test_each_way_in_which_a_grading_comes_out_otherwise_is_said(graded: Sequence[tuple[Trial, Result]]) -> None:
    known = Known.of(graded, {})

    def said(name: str, came: Came) -> str:
        trial, result = next((trial, result) for trial, result in graded if trial.name == name)
        other = known.model_copy(update={"came": {**known.came, key(trial): came}})
        (proof,) = prove_known_again(other, [(trial, result)])
        assert proof.held == (not proof.why_not)
        return proof.why_not

    assert said("sums@7", Came(short={"failed": ("test_mean",)})) == ""
    assert said("sums@7", Came(short={"timeout": ("test_mean",)})) == "", "how it fails may be a matter of the machine"
    assert said("sums@7", Came()) == "test_mean passed, now it noticed something"
    assert said("sums@7", Came(short={"failed": ("test_mean", "test_twice")})) == (
        "test_twice noticed something, now it passed"
    )
    blocked = Came(short={"blocked": ("test_mean",)})
    assert said("sums@7", blocked) == "test_mean was blocked, now it noticed something"
    half = known.came["mutant half@7"].model_copy(update={"credit": {}})
    assert said("half@7", half) == "the points of a check that gives a part of them are others"
