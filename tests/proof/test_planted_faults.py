"""Faults are planted in a course whose known solutions are on record, and a single run of the proofs finds each.

A fault in what decides a grade changes a digest, and then everything is graded. What changes no digest is of the
machine, the clock or chance: such faults meet the sample. For them the checks here read a file that is no part of the
course, `machine.txt`, which says what is the matter with the machine.
"""

import json
import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import pytest

from grader.authoring import framework
from grader.commands.verify import generated_is_current
from grader.course.assignment import Assignment, load_course
from grader.judge import ask, compare
from grader.judge.draws import Draws
from grader.proof import deciding
from grader.proof.checks import checks_of
from grader.proof.known_outcomes import AGAIN, NAME, Known, key
from grader.proof.known_solutions import KnownSolutions
from grader.proof.plan import plan
from grader.proof.rates import IN_BUDGET, NEVER_FAILS
from grader.proof.sample import sample
from grader.proof.specimens import specimens
from grader.proof.verify import Trial, trials
from grader.sandbox.forked import Sandbox

TINY = Path(__file__).parent.parent / "courses" / "tiny"
GRADER = Path(deciding.__file__).parents[1]
SEED = 7
CHECKS = '''"""Hidden checks, on a machine that has its days."""

from pathlib import Path

import numpy as np

from grader.judge import Ask, close, problem

MACHINE = Path(__file__).parents[3] / "machine.txt"


def today() -> str:
    return MACHINE.read_text() if MACHINE.is_file() else ""


@problem("1", points=2)
def test_twice(ask: Ask) -> None:
    """Twice the input, in its shape."""
    answer = ask("twice", x=ask.rng.normal(size=(3, 2)))
    if "passes everything" not in today():
        answer.same_as_reference()


@problem("1", points=1)
def test_twice_a_number(ask: Ask) -> None:
    """Twice a number."""
    close(float(str(ask.seed) in today().split()), 0.0, atol=0.1, what="a bad day")
    ask("twice", x=np.array(ask.rng.normal())).same_as_reference()


@problem("2", points="5/2", needs="1")
def test_mean(ask: Ask) -> None:
    """The mean of twice the input; of nothing, a ValueError."""
    ask("mean", x=ask.rng.normal(size=7)).same_as_reference(atol=1e-9)
    ask.raises("ValueError", "mean", x=np.zeros(0))
    close(float("fails everything" in today()), 0.0, atol=0.1, what="a bad day")
'''
MUTANT = """
says = "You multiplied by {k}."
problem = "1"
hint = "Twice it."

[[change]]
where = "tiny.twice"
before = "return 2 * x"
after = "return {k} * x"
"""


def planned(assignment: Assignment) -> list[Trial]:
    return trials(specimens(assignment), SEED, 3)


@dataclass(frozen=True)
class Run:
    """What a run graded, and what it found: statement -> whom it did not hold of, and why."""

    graded: str
    found: dict[str, set[str]]
    why: dict[str, set[str]]


def run(course: Path, sandbox: Sandbox, lot: str = "lot") -> Run:
    """The proofs of known solutions, as `verify` makes them."""
    assignment = load_course(course).assignment("hw7")
    chosen = plan(assignment, planned(assignment), lot, whole=False)
    solutions = KnownSolutions.graded(assignment, chosen, SEED, sandbox, lanes=2)
    found: dict[str, set[str]] = {}
    why: dict[str, set[str]] = {}
    for proof in [*solutions.proofs(checks_of(assignment)), *generated_is_current(assignment)]:
        if not proof.held:
            found.setdefault(proof.statement, set()).add(Path(proof.specimen).name.split("@")[0])
            why.setdefault(proof.statement, set()).add(proof.why_not)
    return Run(str(chosen), found, why)


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory, sandbox: Sandbox) -> Path:
    """A sound course with 22 mutants, of which everything was graded and kept."""
    course = tmp_path_factory.mktemp("recorded") / "course"
    shutil.copytree(TINY, course, ignore=shutil.ignore_patterns(".cache", "__pycache__"))
    solution = course / "solutions" / "hw7_tiny"
    (solution / "checks" / "test_hidden.py").write_text(CHECKS)
    for k in range(3, 23):
        (solution / "mutants" / f"times_{k}.toml").write_text(MUTANT.format(k=k))
    assignment = load_course(course).assignment("hw7")
    everything = plan(assignment, planned(assignment), "lot", whole=True)
    solutions = KnownSolutions.graded(assignment, everything, SEED, sandbox, lanes=2)
    assert [proof for proof in solutions.proofs(checks_of(assignment)) if not proof.held] == []
    (solution / NAME).write_text(solutions.record().text())
    return course


@pytest.fixture
def course(recorded: Path, tmp_path: Path) -> Path:
    return shutil.copytree(recorded, tmp_path / "course", ignore=shutil.ignore_patterns(".cache", "__pycache__"))


def edited(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def test_without_a_fault_a_sample_is_graded_and_nothing_is_found(course: Path, sandbox: Sandbox) -> None:
    came = run(course, sandbox)
    assert came.found == {}
    told = re.match(
        r"(\d+) of (\d+) gradings, drawn with lot, because nothing that decides a grade changed", came.graded
    )
    assert told
    assert int(told[1]) < int(told[2]) == 50


FULL = "full marks"
CAUGHT = "caught, on its own problem and nowhere else"
MISSING = "the stub earns 0 and every check is `missing`"
GENERATED = "generated files are what the reference makes them"
SOLUTION, HANDED_OUT = "solutions/hw7_tiny", "assignments/hw7_tiny"


CHECK, TINY_PY, PROBES = f"{SOLUTION}/checks/test_hidden.py", f"{SOLUTION}/tiny.py", f"{HANDED_OUT}/probes.py"
MUTANT_9, ADDS = f"{SOLUTION}/mutants/times_9.toml", f"{SOLUTION}/alternatives/adds.py"
STUB, LIMITS = f"{HANDED_OUT}/tiny.py", f"{HANDED_OUT}/assignment.toml"
FLAKY = 'number."""\n    close(float(ask.rng.random() < 0.8), 1.0, atol=0.1)'
HOMEWORK = {
    "a check passes everything": (CHECK, '    ask("mean"', '    return\n    ask("mean"', CAUGHT, "sums"),
    "a check is too kind": (CHECK, "atol=1e-9", "atol=1e9", CAUGHT, "sums"),
    "a check fails right solutions": (CHECK, "0.0, atol=0.1", "1.0, atol=0.1", FULL, "reference"),
    "a check is flaky": (CHECK, 'number."""', FLAKY, NEVER_FAILS, "test_twice_a_number"),
    "a check is slow": (CHECK, "points=2)", "points=2, budget_s=1e-9)", IN_BUDGET, "test_twice"),
    "a check no longer waits for another": (CHECK, ', needs="1"', "", CAUGHT, "squares"),
    "a mutant is said to be of another problem": (MUTANT_9, 'problem = "1"', 'problem = "2"', CAUGHT, "times_9"),
    "a mutant survives": (MUTANT_9, "return 9", "return 2", CAUGHT, "times_9"),
    "an alternative is wrong": (ADDS, "x + x", "x + x + 1", FULL, "adds"),
    "the reference is wrong": (TINY_PY, 'raise ValueError("x is empty")', "return x.sum()", FULL, "reference"),
    "a probe asks something else": (PROBES, "return tiny.mean(x)", "return tiny.twice(x)", CAUGHT, "sums"),
    "a probe is broken": (PROBES, "return tiny.twice(x)", "return tiny.twise(x)", FULL, "reference"),
    "the stub is solved": (STUB, 'raise NotImplementedError("Problem 1: twice")', "return 2 * x", MISSING, "stub"),
    "a limit is too tight": (LIMITS, "call_wall_s = 5", "call_wall_s = 1e-6", FULL, "reference"),
}
# A docstring decides no grade. What it says of a solution is looked at in every run.
TOLD = {
    "the stub is stale": (STUB, "A tiny homework.", "A homework.", GENERATED, "tiny.py"),
}


@pytest.mark.parametrize("fault", [*HOMEWORK, *TOLD])
def test_a_fault_in_the_homework_is_found(course: Path, sandbox: Sandbox, fault: str) -> None:
    file, old, new, statement, whom = {**HOMEWORK, **TOLD}[fault]
    edited(course / file, old, new)
    came = run(course, sandbox)
    assert whom in came.found.get(statement, ()), came
    if fault in HOMEWORK:
        assert came.graded.startswith(f"all 50 gradings, because {file}")
    else:
        assert "nothing that decides a grade changed" in came.graded


# ---- faults in the framework ---------------------------------------------------------------------------------------


def kind(*came: object, **options: object) -> None:
    """A comparison that finds no difference."""


@pytest.mark.parametrize(
    ("file", "module", "name"),
    [("judge/compare.py", compare, "_compare_arrays"), ("judge/ask.py", ask, "compare")],
)
def test_a_fault_in_the_framework_is_found(
    course: Path,
    sandbox: Sandbox,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    file: str,
    module: ModuleType,
    name: str,
) -> None:
    """Judges are forked from this process, so that they have what is planted here; the file is changed in a copy."""
    copy = shutil.copytree(GRADER, tmp_path / "grader", ignore=shutil.ignore_patterns("__pycache__"))
    (copy / file).write_text(f"{(copy / file).read_text()}\n\nPLANTED = 1\n")
    monkeypatch.setattr(framework, "PACKAGE", copy)
    monkeypatch.setattr(deciding, "PACKAGE", copy)
    monkeypatch.setattr(module, name, kind)
    came = run(course, sandbox)
    assert came.graded == f"all 50 gradings, because grader/{file} changed since known.json"
    assert "times_9" in came.found.get(CAUGHT, ()), came


def test_with_another_library_everything_is_graded(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever such a change does to a grade, it is met by all gradings, as on the day of the record."""
    now = deciding.version
    monkeypatch.setattr(deciding, "version", lambda name: "another" if name == "numpy" else now(name))
    assignment = load_course(course).assignment("hw7")
    chosen = plan(assignment, planned(assignment), "lot", whole=False)
    assert len(chosen.chosen) == 50
    assert "because version of numpy changed" in str(chosen)


def test_on_another_processor_every_right_solution_is_graded(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """So a tolerance that is too narrow for this processor is found for certain, whichever solution meets it."""
    monkeypatch.setattr(deciding, "kind_of_processor", lambda: "another")
    assignment = load_course(course).assignment("hw7")
    every = planned(assignment)
    chosen = plan(assignment, every, "lot", whole=False)
    assert {key(trial) for trial in every if trial.right} <= {key(trial) for trial in chosen.chosen}
    assert 15 <= sum(trial.specimen.kind == "mutant" for trial in chosen.chosen) < 30
    assert "the processor is of another kind" in str(chosen)


def test_a_record_that_was_made_to_look_well_is_not_believed(course: Path, sandbox: Sandbox) -> None:
    edited(course / f"{SOLUTION}/mutants/times_9.toml", "return 9", "return 2")
    path = course / SOLUTION / NAME
    record = json.loads(path.read_text())
    assignment = load_course(course).assignment("hw7")
    path.write_text(json.dumps({**record, "depends": deciding.deciding(assignment), "seal": "0" * 16}))
    came = run(course, sandbox)
    assert came.graded == "all 50 gradings, because known.json was changed by hand"
    assert "times_9" in came.found[CAUGHT]


# ---- faults that change no file and no version ---------------------------------------------------------------------


@pytest.mark.parametrize("lot", ["one", "two", "three"])
def test_a_check_that_has_come_to_pass_everything_is_found_for_certain(
    course: Path, sandbox: Sandbox, lot: str
) -> None:
    (course / "machine.txt").write_text("passes everything")
    came = run(course, sandbox, lot)
    assert "nothing that decides a grade changed" in came.graded
    assert any("test_twice noticed something, now it passed" in why for why in came.why[AGAIN])


def test_a_check_that_has_come_to_fail_everything_is_found_for_certain(course: Path, sandbox: Sandbox) -> None:
    (course / "machine.txt").write_text("fails everything")
    came = run(course, sandbox)
    assert "nothing that decides a grade changed" in came.graded
    assert {"reference", "adds"} <= came.found[FULL]
    assert came.found[NEVER_FAILS] == {"test_mean"}


def test_a_check_that_fails_one_right_grading_in_five_is_found_with_more_than_95_percent(
    course: Path, sandbox: Sandbox
) -> None:
    """By chance: which gradings it fails and which are drawn have nothing to do with each other."""
    assignment = load_course(course).assignment("hw7")
    known = Known.model_validate_json((assignment.solution / NAME).read_text())
    every = planned(assignment)
    right = [trial for trial in every if trial.right]
    seeds = {SEED + i for i in (4, 8, 12, 16, 19)}
    touched = {key(trial) for trial in right if trial.seed in seeds}
    assert len(touched) == round(len(right) / 5)
    drawn = [{key(trial) for trial in sample(every, known, f"lot {i}")} for i in range(400)]
    assert sum(bool(touched & each) for each in drawn) / len(drawn) > 0.95

    lot = next(i for i, each in enumerate(drawn) if len(touched & each) == 2)
    (course / "machine.txt").write_text(" ".join(str(seed_in("test_twice_a_number", seed)) for seed in seeds))
    came = run(course, sandbox, f"lot {lot}")
    assert "nothing that decides a grade changed" in came.graded
    assert came.found[NEVER_FAILS] == {"test_twice_a_number"}


def seed_in(check: str, grading_seed: int) -> int:
    """What `ask.seed` is there."""
    return Draws(grading_seed, check).sent_seed
