"""equivalent.toml: what it explains, what is stale in it, and what it must not look like."""

from fractions import Fraction
from pathlib import Path

import pytest

from grader.course.assignment import Assignment, load_course
from grader.errors import CourseError
from grader.proof.equivalent import Equivalent, explained
from grader.proof.generic import GenericMutant
from grader.proof.survivors import CURRENT, KILLED, Outcome, prove_generic

TINY = Path(__file__).parent.parent / "courses" / "tiny"
LESS = GenericMutant(1, "tiny", 17, "mean", "Eq_Lt", "if n == 0:", "if n <= 0:", "", frozenset("1"))
MORE = GenericMutant(2, "tiny", 17, "mean", "Eq_Gt", "if n == 0:", "if n >= 0:", "", frozenset("1"))
WHY = "A number of entries is never negative."


def outcome(mutant: GenericMutant, *killed_by: str, reason: str = "", fault: str = "") -> Outcome:
    return Outcome(mutant, killed_by, False, 0.1, reason, fault, Fraction(0))


def entry(mutated: str, where: str = "tiny.mean") -> Equivalent:
    return Equivalent(where=where, original="if n == 0:", mutated=mutated, reason=WHY)


def broken(*found: Outcome, entries: tuple[Equivalent, ...] = ()) -> dict[tuple[str, str], str]:
    return {(p.statement, p.specimen): p.why_not for p in prove_generic(found, entries) if not p.held}


def test_killed_or_explained_is_enough() -> None:
    assert broken(outcome(LESS, reason=WHY), outcome(MORE, "test_mean"), entries=(entry("if n <= 0:"),)) == {}


def test_an_unexplained_survivor_is_named_with_both_lines() -> None:
    ((statement, name), why) = next(iter(broken(outcome(LESS), outcome(MORE, "test_mean")).items()))
    assert (statement, name) == (KILLED, "generic 1: tiny.py, line 17, Eq_Lt")
    assert "`if n == 0:` made into `if n <= 0:` in tiny.mean is noticed by no check" in why


def test_an_explanation_of_what_is_killed_is_stale() -> None:
    found = broken(outcome(LESS, "test_mean", "test_it", reason=WHY), entries=(entry("if n <= 0:"),))
    assert found == {(CURRENT, "tiny.mean: `if n <= 0:`"): "is killed now, by test_mean, test_it. Take the entry out."}


@pytest.mark.parametrize("stale", [entry("if n is 0:"), entry("if n <= 0:", where="tiny.twice")])
def test_an_explanation_of_what_is_not_made_is_stale(stale: Equivalent) -> None:
    found = broken(outcome(LESS, reason=WHY), entries=(entry("if n <= 0:"), stale))
    assert found == {(CURRENT, f"{stale.where}: `{stale.mutated}`"): "is made no more. Take the entry out."}


def test_a_mutant_that_breaks_a_check_is_our_fault_even_where_it_is_killed() -> None:
    found = broken(outcome(LESS, "test_mean", fault="test_it: KeyError"))
    assert found == {(KILLED, LESS.name): "test_it: KeyError"}


def test_blanks_do_not_count() -> None:
    assert Equivalent(where="tiny.mean", original="if n==0:", mutated="if n <=  0:", reason=WHY).explains(LESS)


@pytest.fixture
def assignment(tmp_path: Path) -> Assignment:
    folder = tmp_path / "assignments" / "hw7_tiny"
    there = load_course(TINY).assignment("hw7").model_copy(update={"folder": folder})
    there.solution.mkdir(parents=True)
    return there


def test_without_the_file_nothing_is_explained(assignment: Assignment) -> None:
    assert explained(assignment) == ()


ENTRY = '[[equivalent]]\nwhere = "tiny.mean"\noriginal = "a"\nmutated = "b"\nreason = "They do the same."\n'


def test_entries_are_read(assignment: Assignment) -> None:
    (assignment.solution / "equivalent.toml").write_text(ENTRY)
    (only,) = explained(assignment)
    assert (only.where, only.original, only.mutated, only.reason) == ("tiny.mean", "a", "b", "They do the same.")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[[equivalent]", "not valid TOML"),
        (ENTRY + ENTRY, "is explained twice"),
        (ENTRY.replace("They do the same.", "equal"), "equivalent.0.reason"),
        (ENTRY.replace("where", "were"), "equivalent.0.where"),
    ],
)
def test_a_file_that_is_wrong_is_named(assignment: Assignment, text: str, words: str) -> None:
    path = assignment.solution / "equivalent.toml"
    path.write_text(text)
    with pytest.raises(CourseError) as raised:
        explained(assignment)
    assert str(path) in str(raised.value)
    assert words in str(raised.value)
