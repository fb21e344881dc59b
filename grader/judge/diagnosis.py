"""Which known wrong solution explains what a submission got wrong.

A mutant explains a check when the submission's answer there is the mutant's answer: seen at the same place of the
check, and equal within the check's own tolerance. To be named, a mutant must agree with the submission wherever it is
known to fail, and what is named must together explain every failed check of the problem. So a mistake that is not
known is not taken for one that is, and of two mistakes both are named or neither. Each problem is explained by itself:
what it builds on is right in all that is compared, the submission's own or the reference's. Mistakes that give the same
answers everywhere are named together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from grader.judge.evidence import Findings
from grader.judge.problem import Check
from grader.judge.specimen import Specimen
from grader.judge.verdict import WRONG

MOST_EQUALS = 2  # mistakes that may be named together, as "either ... or ..."
STOPPED = (*WRONG, "timeout", "blocked")


def diagnose(
    findings: Findings, known: Sequence[Specimen], checks: Mapping[str, Check]
) -> dict[str, tuple[Specimen, ...]]:
    """For each failed check the mistakes that explain it; checks without one are left out.

    Several mistakes for one check are mistakes that no check can tell apart.
    """
    named: dict[str, tuple[Specimen, ...]] = {}
    for problem in sorted({checks[name].problem for name in findings.evidence}):
        named |= _of_problem(problem, findings, known, checks)
    return named


def _failed(problem: str, findings: Findings, checks: Mapping[str, Check]) -> set[str]:
    return {name for name, verdict in findings.verdicts.items() if verdict in WRONG and checks[name].problem == problem}


def _of_problem(
    problem: str, findings: Findings, known: Sequence[Specimen], checks: Mapping[str, Check]
) -> dict[str, tuple[Specimen, ...]]:
    failed = _failed(problem, findings, checks)
    candidates = [wrong for wrong in known if wrong.problem == problem and _possible(wrong, findings)]
    named: dict[str, tuple[Specimen, ...]] = {}
    while unnamed := failed - set(named):
        explained = {wrong.name: _explained(wrong, findings, named) for wrong in candidates}
        # The one that explains the most; of equals the one that the fewest checks catch, so the closest to what came.
        rank = {w.name: (len(explained[w.name] & unnamed), -len(_caught(w))) for w in candidates}
        best = max(rank.values(), default=(0, 0))
        if best[0] == 0:
            return {}
        equals = [wrong for wrong in candidates if rank[wrong.name] == best]
        same = [wrong for wrong in equals if explained[wrong.name] == explained[equals[0].name]]
        rivals = [wrong for wrong in equals if wrong not in same and explained[wrong.name] & explained[same[0].name]]
        if rivals or len(same) > MOST_EQUALS:  # of those that explain other checks altogether, each comes in its turn
            return {}
        named |= dict.fromkeys(sorted(explained[same[0].name] & unnamed), tuple(same))
    return named


def _caught(wrong: Specimen) -> set[str]:
    return {name for name, verdict in wrong.findings.verdicts.items() if verdict in (*WRONG, "timeout")}


def _possible(wrong: Specimen, findings: Findings) -> bool:
    """Whether every check that catches this mistake also stopped the submission."""
    return all(findings.verdicts.get(name) in STOPPED for name in _caught(wrong))


def _explained(wrong: Specimen, findings: Findings, named: Mapping[str, tuple[Specimen, ...]]) -> set[str]:
    """The failed checks in which the submission did what this mistake does; none if it did something else in one.

    Where a mistake named already ended a check before this one could show, the check says nothing about this one.
    At least one of the answers must be such that nobody gives it by chance.
    """
    explained, told = set(), False
    for name in _caught(wrong):
        mine, its = findings.evidence.get(name), wrong.findings.evidence.get(name)
        if findings.verdicts.get(name) == "blocked":
            continue
        if mine is None or its is None:
            return set()
        bearing = mine.bearing(its)
        if bearing != "other":
            explained.add(name)
            told = told or (bearing == "same" and its.telling)
        elif not (name in named and mine.comes_before(its)):
            return set()
    return explained if told else set()
