"""Whom a run grades, by its options."""

from typing import Any

import pytest

from grader.batch.job import Job
from grader.commands.choosing import Choice, Chosen, chosen
from grader.errors import IntakeError
from grader.report.account import Standing

JOBS = [Job(name) for name in ("ada", "bob", "carol", "dave", "erin")]


@pytest.fixture
def choose(made_up: Any) -> Any:
    """A class in which ada passed, bob failed, carol handed in something else, dave met a mistake of ours, and erin is
    new."""
    results = {
        "ada": made_up("ada"),
        "bob": made_up("bob", 0, "failed"),
        "carol": made_up("carol"),
        "dave": made_up("dave", 0, "grader_error"),
    }
    standing = Standing(
        {name: results[name] for name in ("ada", "bob")}, {"carol": ("handed in",), "dave": ("ours",)}, ("erin",)
    )

    def with_options(**options: Any) -> Chosen:
        return chosen(JOBS, standing, results, Choice(**options))

    return with_options


@pytest.mark.parametrize(
    ("options", "graded", "left_out"),
    [
        ({}, ["carol", "dave", "erin"], []),
        ({"force": True}, ["ada", "bob", "carol", "dave", "erin"], []),
        ({"only_failed": True}, ["bob", "dave", "erin"], ["carol"]),
        ({"only_errors": True}, ["dave", "erin"], ["carol"]),
        ({"students": ("ada",)}, ["ada"], ["carol", "dave", "erin"]),
        ({"students": ("carol", "bob")}, ["bob", "carol"], ["dave", "erin"]),
        ({"students": ("ada", "bob"), "only_failed": True}, ["bob"], ["carol", "dave", "erin"]),
        ({"students": ("bob",), "force": True}, ["bob"], ["carol", "dave", "erin"]),
    ],
)
def test_options(options: dict[str, Any], graded: list[str], left_out: list[str], choose: Any) -> None:
    found = choose(**options)
    assert [job.name for job in found.jobs] == graded
    assert sorted(found.left_out) == left_out
    assert set(found.standing.kept).isdisjoint(graded)
    assert {*found.standing.again, *found.standing.new} == set(graded)


def test_why_somebody_was_left_out(choose: Any) -> None:
    assert choose(students=("dave",)).left_out == {"carol": ("handed in",), "erin": ("never graded",)}


def test_who_is_not_there_is_an_error_with_the_nearest_names(choose: Any) -> None:
    with pytest.raises(IntakeError, match=r"--student carl: nobody .* Nearest: carol\."):
        choose(students=("carl",))
    with pytest.raises(IntakeError, match="There are ada, bob, carol and 2 more"):
        choose(students=("zzz",))


def test_the_line_counts_by_reasons(choose: Any) -> None:
    assert choose().standing.said() == (
        "2 kept, because nothing changed; 2 graded again: 1 handed in, 1 ours; 1 graded for the first time."
    )
    assert choose(students=("erin",)).standing.said() == "2 kept, because nothing changed; 1 graded for the first time."
    assert Standing(new=("ada",)).said() == ""
