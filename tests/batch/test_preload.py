"""Grading a homework that preloads models: its checks use them, and other homeworks never meet them."""

from pathlib import Path
from typing import Any

import pytest

from grader.batch.class_run import Job, grade
from grader.errors import WeightsError
from grader.judge.result import Result
from grader.sandbox.forked import Sandbox
from grader.sandbox.models import preload_of
from grader.sandbox.preload import NOTHING

House = Any  # tests/conftest.py
PROBE = """
def scaled(factor):
    import models
    return tiny.twice(models.weights()[:3]) * factor

def is_there():
    import sys
    return "models" in sys.modules
"""
HIDDEN = '''
@problem("1", points=3, weights=("toy",))
def test_scaled(ask):
    """The weights are doubled."""
    close(ask("scaled", factor=4.0).value.tolist(), [4.0, 4.0, 4.0], atol=0.0)
    ask("scaled", factor=3.0).same_as_reference()
'''
OTHERS = '''
@problem("1", points=3)
def test_nothing_is_there(ask):
    """No model is in memory."""
    check_that(ask("is_there").value is False, came="a model", expected="none")
'''


def graded(house: House, sandbox: Sandbox, *sources: str) -> list[Result]:
    jobs = [Job(f"s{i}", modules={"tiny": source}) for i, source in enumerate(sources)]
    results = {job.name: result for job, result in grade(jobs, house.assignment, 7, sandbox=sandbox, lane_count=1)}
    return [results[job.name] for job in jobs]


@pytest.fixture
def models(house: House, monkeypatch: pytest.MonkeyPatch) -> Path:
    site: Path = house.preloads()
    monkeypatch.syspath_prepend(str(site))
    house.probes(PROBE)
    house.checks(HIDDEN, points={"1": 3})
    return site


def test_weights_are_there_for_the_reference_and_for_every_submission(house: House, models: Path) -> None:
    spoiling = house.but("""
        import models
        models.weights().zero_()
        models.weights = None
        def twice(x): return 2 * x
        """)
    right, spoilt, after = graded(house, house.sandbox, house.reference, spoiling, house.reference)
    assert right.points == 3
    assert spoilt.points == 0
    assert after.points == 3


def test_a_sandbox_serves_homeworks_with_and_without_models(house: House, models: Path) -> None:
    sandbox = house.sandbox
    graded(house, sandbox, house.reference)
    assert sandbox.preload == preload_of(house.assignment)
    first = sandbox.pid
    graded(house, sandbox, house.reference)
    assert sandbox.pid == first  # one fork server for all gradings of a homework
    toml = house.folder / "assignments/hw7_tiny/assignment.toml"
    head, _, rest = toml.read_text().partition("[preload]")
    toml.write_text(head + rest[rest.index("[[problems]]") :])
    house.checks(OTHERS, points={"1": 3})
    assert graded(house, sandbox, house.reference)[0].points == 3
    assert sandbox.preload == NOTHING


def test_nothing_starts_where_weights_are_missing(house: House, models: Path) -> None:
    (models / "toy_weights/toy.bin").write_bytes(b"another")
    with pytest.raises(WeightsError, match=r"'toy' are not here: .*toy\.bin .* Run: make models"):
        graded(house, house.sandbox, house.reference)


def test_kept_answers_are_of_these_models(house: House, models: Path) -> None:
    """The reference is asked again when the weights are others, or the module is."""
    (result,) = graded(house, house.sandbox, house.reference)
    assert result.points == 3
    module = house.folder / "assignments/models/models.py"
    module.write_text(module.read_text().replace('return WEIGHTS["toy"]', 'return 2 * WEIGHTS["toy"]'))
    house.checks(HIDDEN.replace("[4.0, 4.0, 4.0]", "[8.0, 8.0, 8.0]"), points={"1": 3})
    (result,) = graded(house, house.sandbox, house.reference)
    assert [(check.verdict, check.summary) for check in result.checks] == [("passed", "")]
