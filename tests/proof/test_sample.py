"""The sample of known solutions: what it is sure to hold, and how likely it is to hold what a fault touches."""

import random
import subprocess
from pathlib import Path

import pytest

from grader.course.assignment import load_course
from grader.judge.specimen import Specimen
from grader.proof.known_outcomes import Came, Known, key
from grader.proof.sample import OF_EACH, chance, lot_of, sample
from grader.proof.specimens import specimens
from grader.proof.verify import Trial, trials

COURSE = load_course(Path(__file__))
LOTS = [f"lot {number}" for number in range(50)]


def known_of(planned: list[Trial], noticed: dict[str, tuple[str, ...]]) -> Known:
    came = {key(trial): Came(short={"failed": noticed.get(trial.specimen.name, ())}) for trial in planned}
    return Known(depends={}, came=came, seal="")


@pytest.fixture
def planned() -> list[Trial]:
    """20 gradings of the reference, 9 of alternatives, 60 mutants."""
    kinds = {"reference": 1, "stub": 1, "alternative": 3, "mutant": 60}
    known = [Specimen(f"{kind}{i}", kind, {}) for kind, count in kinds.items() for i in range(count)]  # type: ignore[arg-type]
    return trials(known, first_seed=7, seeds=3)


def test_every_check_meets_a_mistake_that_it_noticed(planned: list[Trial]) -> None:
    """Also one that notices a single mistake: if it came to pass everything, that would be seen for certain."""
    noticed = {f"mutant{i}": ("test_common", f"test_{i % 7}") for i in range(59)}
    known = known_of(planned, {**noticed, "mutant59": ("test_lonely",)})
    for lot in LOTS:
        met = {check for trial in sample(planned, known, lot) for check in known.came[key(trial)].noticed}
        assert met == {"test_common", "test_lonely", *(f"test_{i}" for i in range(7))}


def test_the_first_reference_the_stub_and_all_that_is_graded_twice_are_always_in_it(planned: list[Trial]) -> None:
    known = known_of(planned, {})
    always = {"reference0@7", "reference0@7+1", "stub0@7", "stub0@7+1", "alternative0@7", "alternative0@7+1"}
    for lot in LOTS:
        chosen = sample(planned, known, lot)
        assert always | {"mutant0@7", "mutant0@7+1"} <= {trial.name for trial in chosen}
        assert chosen == [trial for trial in planned if trial in chosen], "in the order of the plan"
        assert sum(trial.right for trial in chosen) >= OF_EACH
        assert sum(trial.specimen.kind == "mutant" for trial in chosen) >= OF_EACH


def test_a_lot_gives_one_sample_and_lots_differ(planned: list[Trial]) -> None:
    known = known_of(planned, {})
    drawn = {lot: [trial.name for trial in sample(planned, known, lot)] for lot in LOTS}
    assert all(drawn[lot] == [trial.name for trial in sample(planned, known, lot)] for lot in LOTS[:5])
    assert len({tuple(names) for names in drawn.values()}) == len(LOTS)
    everywhere = {name for names in drawn.values() for name in names}
    assert everywhere == {trial.name for trial in planned}, "in time everything is graded again"


def test_where_there_is_little_everything_is_drawn() -> None:
    known = [Specimen("reference", "reference", {}), Specimen("stub", "stub", {}), Specimen("wrong", "mutant", {})]
    planned = trials(known, first_seed=7, seeds=3)
    chosen = sample(planned, known_of(planned, {}), "lot")
    assert {trial.specimen.kind for trial in chosen} == {"reference", "stub", "mutant"}
    assert sum(trial.right for trial in chosen) >= OF_EACH


@pytest.mark.parametrize("homework", COURSE.names())
def test_what_touches_one_grading_in_five_is_in_the_sample_with_more_than_95_percent(homework: str) -> None:
    """Of right gradings (a check that became flaky) and of wrong ones (a library that computes otherwise)."""
    planned = trials(specimens(COURSE.assignment(homework)), COURSE.grading_seed, 3)
    for of in (sum(trial.right for trial in planned), sum(t.specimen.kind == "mutant" for t in planned)):
        assert chance(touched=-(-of // 5), of=of, drawn=OF_EACH) > 0.95


def test_the_chance_is_what_drawing_gives() -> None:
    assert chance(touched=1, of=10, drawn=3) == pytest.approx(0.3)
    assert chance(touched=8, of=10, drawn=3) == 1
    assert chance(touched=0, of=10, drawn=3) == 0
    lot, of = random.Random(0), range(74)
    touched = set(range(15))
    found = sum(bool(touched.intersection(lot.sample(of, OF_EACH))) for _ in range(20_000))
    assert found / 20_000 == pytest.approx(chance(15, 74, OF_EACH), abs=0.005)


def test_the_lot_is_the_commit_and_without_one_the_framework(tmp_path: Path) -> None:
    def git(*words: str) -> str:
        who = ["-c", "user.name=a", "-c", "user.email=a@b"]
        done = subprocess.run(["git", *who, *words], cwd=tmp_path, capture_output=True, text=True, check=True)
        return done.stdout.strip()

    assert lot_of(tmp_path).startswith("framework ")
    git("init", "-q")
    git("commit", "-q", "--allow-empty", "-m", "first")
    assert lot_of(tmp_path) == f"commit {git('rev-parse', '--short=12', 'HEAD')}"
