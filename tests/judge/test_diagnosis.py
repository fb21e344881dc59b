"""Which known mistake explains what a submission got wrong, and when none may be named."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from grader.judge.diagnosis import diagnose
from grader.judge.evidence import RAISED_ON_PURPOSE, RETURNED, Evidence, Findings, TwoDraws
from grader.judge.problem import Check
from grader.judge.specimen import Specimen
from grader.judge.verdict import Seen
from grader.sandbox import wire
from grader.sandbox.wire import Array


def check(problem: str, *needs: str) -> Check:
    return Check(problem, Fraction(1), needs, "hidden", False, 1.0)


CHECKS = {
    **{"p": check("1"), "q": check("1"), "r": check("1")},
    **{"s": check("2"), "t": check("3", "p"), "u": check("4", "3")},
}


def value(*numbers: float, atol: float = 1e-6, expected: Any = (0.0, 0.0), line: int = 1, asked: int = 1) -> Evidence:
    """A check that compared an array and found another."""
    came, right = (Array("tensor", "float64", np.array(each)) for each in (numbers, expected))
    return Evidence(asked, (f"test_x.py:{line}",), Seen(came, right, atol))


def ended(*came: Any, asked: int = 1) -> Evidence:
    """A check that got no answer."""
    return Evidence(asked, ("test_x.py:1",), Seen(came))


def findings(**evidence: Evidence | str) -> Findings:
    verdicts: dict[str, Any] = dict.fromkeys(CHECKS, "passed")
    verdicts |= {name: item if isinstance(item, str) else "failed" for name, item in evidence.items()}
    return Findings(verdicts, {name: item for name, item in evidence.items() if not isinstance(item, str)})


def twice(seen: Findings) -> TwoDraws:
    """The same on both draws."""
    return TwoDraws(seen, seen)


def known_wrong(name: str, findings: Findings, problem: str = "1") -> Specimen:
    return Specimen(name, "mutant", {}, problem, f"You did {name}.", findings=twice(findings))


def wrong(name: str, *, problem: str = "1", **evidence: Evidence | str) -> Specimen:
    return known_wrong(name, findings(**evidence), problem)


def named(came: Findings, *known: Specimen) -> dict[str, str]:
    return {name: " or ".join(w.name for w in wrongs) for name, wrongs in diagnose(twice(came), known, CHECKS).items()}


def test_the_same_answers_name_the_mistake_in_every_check_it_explains() -> None:
    halved = wrong("halved", p=value(1, 2), q=value(3, 4))
    assert named(findings(p=value(1, 2 + 1e-7), q=value(3, 4)), halved) == {"p": "halved", "q": "halved"}


@pytest.mark.parametrize(
    "came",
    [
        findings(p=value(1, 2), q=value(3, 5)),  # another answer in one of its checks
        findings(p=value(1, 2)),  # a check that catches it was passed
        findings(p=value(1, 2), q=value(3, 4), r=value(9, 9)),  # a failed check that nothing explains
        findings(p=value(1, 2), q=value(3, 4, line=2)),  # elsewhere in the check
        findings(p=value(1, 2), q=value(3, 4, asked=2)),  # at another question
        findings(p=value(1, 2.001), q=value(3, 4)),  # not within the check's tolerance
    ],
)
def test_what_is_not_quite_the_mistake_is_not_named(came: Findings) -> None:
    assert named(came, wrong("halved", p=value(1, 2), q=value(3, 4))) == {}


def test_blocked_checks_and_other_problems_are_no_contradiction() -> None:
    halved = wrong("halved", p=value(1, 2), q=value(3, 4))
    assert named(findings(p=value(1, 2), q="blocked", s=value(7, 7)), halved) == {"p": "halved"}


def test_each_problem_is_explained_by_itself() -> None:
    """What it builds on was right in all that is compared: the submission's own, or the reference's."""
    halved, doubled = wrong("halved", q=value(1, 2)), wrong("doubled", problem="3", t=value(5, 6))
    assert named(findings(q=value(1, 2), t=value(5, 6)), halved, doubled) == {"q": "halved", "t": "doubled"}
    assert named(findings(q=value(1, 2), t=value(0, 9)), halved, doubled) == {"q": "halved"}
    assert named(findings(q=value(0, 9), t=value(5, 6)), halved, doubled) == {"t": "doubled"}


def test_an_answer_close_to_the_right_one_tells_nothing() -> None:
    nearly = wrong("nearly", p=value(5e-6, 0))
    assert named(findings(p=value(5e-6, 0)), nearly) == {}
    # But it does not speak against a mistake that another check shows clearly.
    both = wrong("both", p=value(5e-6, 0), q=value(1, 1))
    assert named(findings(p=value(5e-6, 0), q=value(1, 1)), both) == {"p": "both", "q": "both"}


def test_an_exception_of_pythons_has_many_causes_and_a_raise_statement_has_one() -> None:
    crash, refusal = ended("raised", "ValueError", ""), ended("raised", "ValueError", RAISED_ON_PURPOSE)
    assert named(findings(p=crash), wrong("crashes", p=crash)) == {}
    assert named(findings(p=refusal), wrong("refuses", p=refusal)) == {"p": "refuses"}
    assert named(findings(p=refusal), wrong("crashes", p=crash)) == {}
    accepted = ended(RETURNED)
    assert named(findings(p=accepted), wrong("accepts", p=accepted)) == {"p": "accepts"}
    # A crash hides the answer, so it agrees with any at the same question; another check must tell.
    assert named(findings(p=crash, q=value(1, 1)), wrong("w", p=value(3, 3), q=value(1, 1))) == {"p": "w", "q": "w"}


def test_a_matter_of_chance_neither_names_nor_contradicts() -> None:
    lucky = findings(p=value(1, 2)).settled(findings(p=value(1, 3)))
    assert not lucky.evidence["p"].stable
    alone = known_wrong("alone", lucky)
    assert named(findings(p=value(8, 8)), alone) == {}
    helped = known_wrong("helped", Findings({**lucky.verdicts, "q": "failed"}, {**lucky.evidence, "q": value(1, 1)}))
    assert named(findings(p=value(8, 8), q=value(1, 1)), helped) == {"p": "helped", "q": "helped"}


def test_two_mistakes_are_both_named_also_where_one_ends_a_check_before_the_other_shows() -> None:
    first = wrong("first", p=value(1, 1, line=5))
    second = wrong("second", p=value(2, 2, line=9), q=value(3, 3))
    came = findings(p=value(1, 1, line=5), q=value(3, 3))
    assert named(came, first, second) == {"p": "first", "q": "second"}
    assert named(findings(p=value(4, 4, line=5), q=value(3, 3)), first, second) == {}


def test_two_mistakes_that_explain_as_much_are_both_named_unless_they_claim_the_same_check() -> None:
    first, second = wrong("first", p=value(1, 1)), wrong("second", q=value(2, 2))
    assert named(findings(p=value(1, 1), q=value(2, 2)), first, second) == {"p": "first", "q": "second"}
    rivals = wrong("rival", p=value(1, 1), q=value(2, 2)), wrong("other", q=value(2, 2), r=value(3, 3))
    assert named(findings(p=value(1, 1), q=value(2, 2), r=value(3, 3)), *rivals) == {}


def test_mistakes_that_no_check_tells_apart_are_named_together_and_three_are_too_many() -> None:
    same = [wrong(name, p=value(1, 1)) for name in "abc"]
    assert named(findings(p=value(1, 1)), *same[:2]) == {"p": "a or b"}
    assert named(findings(p=value(1, 1)), *same) == {}


def test_nan_and_infinity_are_answers_too() -> None:
    came = findings(p=value(float("nan"), float("inf")))
    assert named(came, wrong("log of zero", p=value(float("nan"), float("inf")))) == {"p": "log of zero"}


HALVED = Specimen(
    "halved",
    "mutant",
    {},
    "1",
    findings=TwoDraws(findings(p=value(1, 2), q=value(3, 4)), findings(p=value(5, 6), q=value(7, 8))),
)
ON_THE_FIRST = findings(p=value(1, 2), q=value(3, 4))


def on_two_draws(further: Findings, *known: Specimen) -> set[str]:
    named = diagnose(TwoDraws(ON_THE_FIRST, further), known, CHECKS)
    return {wrong.name for wrongs in named.values() for wrong in wrongs}


def test_a_mistake_is_named_if_it_gives_the_same_answers_on_both_draws() -> None:
    assert on_two_draws(findings(p=value(5, 6), q=value(7, 8)), HALVED) == {"halved"}


@pytest.mark.parametrize(
    "further",
    [
        ON_THE_FIRST,  # its inputs are others, but not its answers
        findings(p=value(5, 6), q=value(7, 9)),  # another answer in one of the checks
        findings(p=value(5, 6)),  # a check that the mistake fails was passed
        findings(p=value(5, 6), q="timeout"),
        findings(),
        Findings({}),  # nothing was put again
    ],
)
def test_what_agrees_on_the_first_draw_alone_is_chance(further: Findings) -> None:
    assert on_two_draws(further, HALVED) == set()


def test_the_further_draw_tells_mistakes_apart_that_the_first_does_not() -> None:
    other = replace(HALVED, name="other", findings=TwoDraws(ON_THE_FIRST, findings(p=value(5, 5), q=value(7, 8))))
    assert on_two_draws(findings(p=value(5, 6), q=value(7, 8)), HALVED, other) == {"halved"}
    assert on_two_draws(findings(p=value(5, 5), q=value(7, 8)), HALVED, other) == {"other"}


def test_a_check_that_nobody_fails_on_the_further_draw_says_nothing() -> None:
    lucky = replace(HALVED, findings=TwoDraws(ON_THE_FIRST, findings(q=value(7, 8))))
    assert on_two_draws(findings(q=value(7, 8)), lucky) == {"halved"}
    assert on_two_draws(findings(p=value(5, 6), q=value(7, 8)), lucky) == set()


def test_draws_survive_being_kept() -> None:
    after = TwoDraws.decode(HALVED.findings.encode())
    assert after.encode() == HALVED.findings.encode()
    assert on_two_draws(after.further, HALVED) == {"halved"}


def test_findings_survive_being_kept() -> None:
    before = findings(p=value(1, 2), q=ended("raised", "KeyError", ""), s="blocked")
    after = Findings.decode(before.encode())
    assert after.verdicts == before.verdicts
    assert [after.evidence[name].bearing(before.evidence[name]) for name in "pq"] == ["same", "same"]
    assert after.encode() == before.encode()


def test_answers_that_are_too_large_to_be_kept_are_left_out() -> None:
    """They may be a hostile submission's: nothing is said of such a check, and nobody else notices."""
    small, many = value(1, 2), Evidence(1, ("c:1",), Seen([0.0] * 300_000))
    seen = findings(p=small, q=many, r=small)
    with pytest.raises(wire.WireError):
        seen.encode()
    assert list(seen.within(1 << 20).evidence) == ["p", "r"]
    assert list(seen.within(len(replace(seen, evidence={"p": small}).encode())).evidence) == ["p"]
    assert list(seen.within(10).evidence) == []
    half = Evidence(1, ("c:1",), Seen([0.0] * 150_000))
    assert list(findings(p=half).within(16 << 20).evidence) == ["p"]
    assert list(findings(p=half, q=half).within(16 << 20).evidence) == []


def test_a_check_that_stands_alone_is_explained_whatever_else_is_wrong() -> None:
    known, came = wrong("doubling", p=value(2.0, 4.0)), findings(p=value(2.0, 4.0), q=value(7.0, 9.0))
    assert named(came, known) == {}, "q is not explained, so nothing is"
    alone = {**CHECKS, "p": replace(CHECKS["p"], alone=True)}
    assert [*diagnose(twice(came), [known], alone)] == ["p"]
