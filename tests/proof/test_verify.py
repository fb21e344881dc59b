"""Proofs are run on a copy of the tiny course: once sound, once with every kind of fault in it."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from grader.commands.verify import CURRENT as GENERATED
from grader.commands.verify import verify_assignment
from grader.course.assignment import Assignment, load_course
from grader.errors import CourseError
from grader.judge.specimen import Specimen
from grader.proof.idle import GIVES
from grader.proof.rates import IN_BUDGET, NEVER_FAILS
from grader.proof.recognition import EACH_COSTS, NOT_IN_RIGHT
from grader.proof.specimens import specimens
from grader.proof.survivors import CURRENT as EXPLAINED
from grader.proof.survivors import KILLED
from grader.proof.verify import IDLE, LEFT_OUT, trials
from grader.sandbox.forked import Sandbox

TINY = Path(__file__).parent.parent / "courses" / "tiny"


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    return shutil.copytree(TINY, tmp_path / "course", ignore=shutil.ignore_patterns(".cache", "__pycache__"))


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text, f"{path} has no {old!r}"
    path.write_text(text.replace(old, new))


def verified(course_folder: Path, sandbox: Sandbox) -> tuple[bool, dict[str, Any]]:
    course = load_course(course_folder)
    report = course_folder / "report.json"
    good = verify_assignment(course, course.assignment("hw7"), 2, 2, report, Console(quiet=True), sandbox=sandbox)
    return good, json.loads(report.read_text())


def broken(report: dict[str, Any]) -> set[tuple[str, str]]:
    return {(proof["specimen"].split("@")[0], proof["statement"]) for proof in report["proofs"] if not proof["held"]}


def test_a_sound_assignment_is_proved_sound(tiny: Path, sandbox: Sandbox) -> None:
    good, report = verified(tiny, sandbox)
    assert broken(report) == set()
    assert good
    assert report["sound"]
    assert report["kills"]["sums"] == ["test_mean"]
    assert set(report["kills"]["squares"]) == {"test_twice", "test_twice_a_number"}
    assert report["idle"] == ["test_mean_of_nothing"]
    assert report["killed_by_one_check"] == {"sums": "test_mean"}

    generic = report["generic"]
    assert {mutant["where"] for mutant in generic} == {"tiny.twice", "tiny.mean"}
    (survivor,) = [mutant for mutant in generic if not mutant["killed_by"]]
    assert (survivor["mutated"], survivor["reason"][:9]) == ("if x.numel() <= 0:", "The same:")

    checks = {check["id"]: check for check in report["checks"]}
    assert checks["test_mean"]["only_killer_of"] == ["sums"]
    assert checks["test_mean_of_nothing"]["kills"] == 0 < checks["test_mean_of_nothing"]["generic_kills"]
    # The reference on 20 seeds, and the one alternative on 2.
    assert {(check["right_gradings"], *check["failed_right_gradings"]) for check in checks.values()} == {(22,)}
    assert all(check["failure_rate_at_most"] == pytest.approx(1 - 0.05 ** (1 / 22)) for check in checks.values())
    assert all(0 < check["cpu_seconds_median"] <= check["cpu_seconds_max"] for check in checks.values())


FLAKY_AND_SLOW = '''

@problem("1", points="1/2")
def test_flaky(ask: Ask) -> None:
    """Fails right solutions on some seeds."""
    answer = ask("twice", x=np.ones(2))
    close(float(ask.rng.random() < 0.8), 1.0, atol=0.1)
    answer.same_as_reference()


@problem("1", points="1/2", budget_s=1e-6)
def test_slow(ask: Ask) -> None:
    """Takes more than it may."""
    ask("twice", x=np.zeros(2)).same_as_reference()
'''


def test_every_kind_of_fault_is_found(tiny: Path, sandbox: Sandbox) -> None:
    solution, handed_out = tiny / "solutions" / "hw7_tiny", tiny / "assignments" / "hw7_tiny"
    hidden = solution / "checks" / "test_hidden.py"
    # A check that cannot fail, an alternative that is none, a stub that is solved.
    edit(
        hidden,
        'answer = ask("mean", x=ask.rng.normal(size=7)).same_as_reference(atol=1e-9)',
        'answer = ask("mean", x=ask.rng.normal(size=7)); return',
    )
    edit(solution / "alternatives" / "adds.py", "return x + x", "return x + x + 1")
    edit(handed_out / "tiny.py", 'raise NotImplementedError("Problem 1: twice")', "return 2 * x")
    (solution / "mutants" / "elsewhere.toml").write_text(
        'says = "You broke problem 1, but this says 2."\nproblem = "2"\nhint = "None."\n'
        '[[change]]\nwhere = "tiny.twice"\nbefore = "return 2 * x"\nafter = "return -x"\n'
    )
    # A check that is flaky, one that takes too long, and explanations that fit no longer.
    edit(hidden, "points=2", "points=1")
    hidden.write_text(hidden.read_text() + FLAKY_AND_SLOW)
    edit(solution / "equivalent.toml", "if x.numel() <= 0:", "if x.numel() != 0:")
    good, report = verified(tiny, sandbox)
    assert not good
    assert not report["sound"]
    found = broken(report)
    gaps = {name for name, statement in found if statement == KILLED}
    # `mean` is no more looked at: what it returns may be anything, and the explanation for `<=` is gone.
    assert any("ReplaceComparisonOperator_Eq_LtE" in name for name in gaps)
    assert any("DropCall" in name for name in gaps)
    assert found - {(name, KILLED) for name in gaps} == {
        ("adds", "full marks"),
        ("reference", "full marks"),
        ("stub", "the stub earns 0 and every check is `missing`"),
        ("without_1", LEFT_OUT),  # it is done in the stub
        *((f"gives_{name}", IDLE) for name in GIVES),
        ("sums", "caught, on its own problem and nowhere else"),
        ("elsewhere", "caught, on its own problem and nowhere else"),
        ("tiny.mean: `if x.numel() != 0:`", EXPLAINED),
        ("test_flaky", NEVER_FAILS),
        ("test_twice", NEVER_FAILS),  # by the alternative that is none
        ("test_twice_a_number", NEVER_FAILS),
        ("test_slow", NEVER_FAILS),
        ("test_public_twice", NEVER_FAILS),
        ("test_slow", IN_BUDGET),
        ("adds", NOT_IN_RIGHT),
        ("squares+sums", EACH_COSTS),  # nobody looks at what sums does
        (str(handed_out / "tiny.py"), GENERATED),
    }
    (flaky,) = [check for check in report["checks"] if check["id"] == "test_flaky"]
    assert 0 < flaky["failure_rate"] < flaky["failure_rate_at_most"] < 1
    (why,) = [p["why_not"] for p in report["proofs"] if (p["specimen"], p["statement"]) == ("test_flaky", NEVER_FAILS)]
    assert f"failed {len(flaky['failed_right_gradings'])} of 22 right gradings" in why
    assert flaky["failed_right_gradings"][0] in why


def test_every_seed_is_met_by_an_alternative() -> None:
    known = [Specimen("reference", "reference", {}), *(Specimen(f"a{i}", "alternative", {}) for i in range(7))]
    planned = trials([*known, Specimen("wrong", "mutant", {})], first_seed=100, seeds=3)
    met = {
        kind: [t.seed for t in planned if t.specimen.kind == kind and not t.repeat]
        for kind in ("reference", "alternative", "mutant")
    }
    assert met["reference"] == list(range(100, 120))
    assert (len(met["alternative"]), set(met["alternative"])) == (21, set(range(100, 120)))
    assert met["mutant"] == [100]
    assert {trial.specimen.name for trial in planned if trial.repeat} == {"reference", "a0", "wrong"}
    more = [t.seed for t in trials(known, 100, 30) if t.specimen.name == "a3"]
    assert sorted(more) == list(range(100, 130))


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('says = "You summed."\n', "", "says: Field required"),
        ('problem = "2"\n', "", "problem: Field required"),
        ('problem = "2"', 'problem = "9"', "there is no problem 9. Write one of 1, 2"),
        ("hint = ", "hnit = ", "hint: Field required"),
    ],
)
def test_a_mutant_that_does_not_say_what_it_is(tiny: Path, old: str, new: str, words: str) -> None:
    path = tiny / "solutions" / "hw7_tiny" / "mutants" / "sums.toml"
    path.write_text(path.read_text().replace(old, new))
    assignment: Assignment = load_course(tiny).assignment("hw7")
    with pytest.raises(CourseError, match=words) as raised:
        specimens(assignment)
    assert str(path) in str(raised.value)
