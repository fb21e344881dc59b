"""Which one known mistake a blocked check may be judged with."""

from fractions import Fraction
from typing import Any

from grader.judge.diagnosis import Wrong
from grader.judge.evidence import Findings
from grader.judge.follow_on import mistake_below
from grader.judge.problem import Check


def check(problem: str, *needs: str) -> Check:
    return Check(problem, Fraction(1), needs, "hidden", False, 1.0)


CHECKS = {"a": check("1"), "b": check("1", "a"), "c": check("2"), "d": check("3", "1"), "e": check("4", "2", "d")}
HALVED, DOUBLED = (Wrong(name, "1", f"You {name} it.", "", Findings({})) for name in ("halved", "doubled"))


def below(name: str, named: dict[str, tuple[Wrong, ...]], **verdicts: str) -> str:
    every: dict[str, Any] = dict.fromkeys(CHECKS, "passed") | verdicts
    mistake = mistake_below(name, every, named, CHECKS)
    return mistake.name if mistake else ""


def test_what_builds_on_a_known_mistake_directly_or_not_follows_on() -> None:
    stopped = {"a": "failed", "b": "blocked", "d": "blocked", "e": "blocked"}
    assert below("d", {"a": (HALVED,)}, **stopped) == "halved"
    assert below("e", {"a": (HALVED,)}, **stopped) == "halved"


def test_within_its_own_problem_a_mistake_blocks() -> None:
    assert below("b", {"a": (HALVED,)}, a="failed", b="blocked") == ""


def test_a_mistake_that_is_not_known_blocks() -> None:
    assert below("d", {}, a="failed", d="blocked") == ""
    assert below("d", {"a": (HALVED,)}, a="failed", b="failed", d="blocked") == ""  # b is not explained
    assert below("d", {"a": (HALVED,)}, a="failed", b="timeout", d="blocked") == ""


def test_two_mistakes_below_block() -> None:
    assert below("d", {"a": (HALVED,), "b": (DOUBLED,)}, a="failed", b="failed", d="blocked") == ""
    other = Wrong("other", "2", "", "", Findings({}))
    assert below("e", {"a": (HALVED,), "c": (other,)}, a="failed", c="failed", d="blocked", e="blocked") == ""


def test_of_mistakes_that_nobody_can_tell_apart_the_first_is_taken() -> None:
    assert below("d", {"a": (HALVED, DOUBLED)}, a="failed", d="blocked") == "halved"


def test_nothing_wrong_below_is_no_mistake() -> None:
    assert below("d", {}) == ""
