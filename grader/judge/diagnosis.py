"""Which known wrong solution explains what a submission got wrong.

A mutant explains a check when the submission's answer there is the mutant's answer: seen at the same place of the
check, and equal within the check's own tolerance. To be named, a mutant must agree with the submission wherever it is
known to fail, and what is named must together explain every failed check of the problem. So a mistake that is not
known is not taken for one that is, and of two mistakes both are named or neither.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from grader.judge.evidence import Findings
from grader.judge.problem import Check

WRONG = ("failed", "crashed")
STOPPED = (*WRONG, "timeout", "blocked")


@dataclass(frozen=True)
class Wrong:
    """A known wrong solution: what the student did, what would help, and how the checks found it."""

    name: str
    problem: str
    says: str
    hint: str
    findings: Findings


def diagnose(findings: Findings, known: Sequence[Wrong], checks: Mapping[str, Check]) -> dict[str, Wrong]:
    """For each failed check the mistake that explains it: check -> `Wrong`; checks without one are left out."""
    named: dict[str, Wrong] = {}
    for problem in {checks[name].problem for name in findings.evidence}:
        named |= _of_problem(problem, findings, known, checks)
    return named


def _of_problem(
    problem: str, findings: Findings, known: Sequence[Wrong], checks: Mapping[str, Check]
) -> dict[str, Wrong]:
    failed = {
        name for name, verdict in findings.verdicts.items() if verdict in WRONG and checks[name].problem == problem
    }
    candidates = [wrong for wrong in known if wrong.problem == problem and _possible(wrong, findings)]
    named: dict[str, Wrong] = {}
    while failed - set(named):
        explained = {wrong.name: _explained(wrong, findings, named) for wrong in candidates}
        new = {name: checks - set(named) for name, checks in explained.items()}
        # The one that explains the most; of equals the one that is caught by the fewest, so the closest to what came.
        best = max(candidates, key=lambda w: (len(new[w.name]), -len(_caught(w))), default=None)
        if best is None or not new[best.name]:
            return {}
        named |= dict.fromkeys(sorted(new[best.name]), best)
    return named


def _caught(wrong: Wrong) -> set[str]:
    return {name for name, verdict in wrong.findings.verdicts.items() if verdict in (*WRONG, "timeout")}


def _possible(wrong: Wrong, findings: Findings) -> bool:
    """Whether every check that catches this mistake also stopped the submission."""
    return all(findings.verdicts.get(name) in STOPPED for name in _caught(wrong))


def _explained(wrong: Wrong, findings: Findings, named: Mapping[str, Wrong]) -> set[str]:
    """The failed checks in which the submission did what this mistake does; none if it did something else in one.

    Where a mistake named already ended a check before this one could show, the check says nothing about this one.
    """
    explained = set()
    for name in _caught(wrong):
        mine, its = findings.evidence.get(name), wrong.findings.evidence.get(name)
        if findings.verdicts.get(name) == "blocked" or mine is None:
            continue
        if its is not None and its.telling and mine.agrees(its):
            explained.add(name)
        elif not (name in named and its is not None and mine.comes_before(its)):
            return set()
    return explained
