"""Which known wrong solution explains what a submission got wrong.

A mutant explains a check when the submission's answer there is the mutant's answer: seen at the same place of the
check, and equal within the check's own tolerance. To be named, a mutant must agree with the submission wherever it is
known to fail, and what is named must together explain every failed check of the problem. So a mistake that is not
known is not taken for one that is, and of two mistakes both are named or neither. A check that stands alone is
explained by itself. All this must hold on two draws of
the checks' inputs: agreement on one of them may be chance. Each problem is explained by itself:
what it builds on is right in all that is compared, the submission's own or the reference's. Mistakes that give the same
answers everywhere are named together.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from grader.judge.evidence import Findings, TwoDraws
from grader.judge.problem import Check
from grader.judge.specimen import Specimen
from grader.judge.verdict import WRONG

MOST_EQUALS = 2  # mistakes that may be named together, as "either ... or ..."
STOPPED = (*WRONG, "timeout", "blocked")


def diagnose(came: TwoDraws, known: Sequence[Specimen], checks: Mapping[str, Check]) -> dict[str, tuple[Specimen, ...]]:
    """For each failed check the mistakes that explain it; checks without one are left out.

    Several mistakes for one check are mistakes that no check can tell apart.
    """
    named: dict[str, tuple[Specimen, ...]] = {}
    for problem in sorted({checks[name].problem for name in came.first.evidence}):
        mistakes = [wrong for wrong in known if wrong.problem == problem and _possible(wrong, came.first)]
        failed = _failed(problem, came.first, checks)
        alone = {name for name in failed if checks[name].alone}
        for together in (failed - alone, *({name} for name in sorted(alone))):
            named |= _of(together, came, [wrong for wrong in mistakes if _caught(wrong) & together])
    return named


def _failed(problem: str, findings: Findings, checks: Mapping[str, Check]) -> set[str]:
    return {name for name, verdict in findings.verdicts.items() if verdict in WRONG and checks[name].problem == problem}


def _of(failed: Collection[str], came: TwoDraws, candidates: Sequence[Specimen]) -> dict[str, tuple[Specimen, ...]]:
    """What explains these failed checks together; nothing if one of them is left."""
    named: dict[str, tuple[Specimen, ...]] = {}
    while unnamed := set(failed) - set(named):
        explained = {wrong.name: _explained(wrong, came, named) for wrong in candidates}
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
    return {name for name, verdict in wrong.findings.first.verdicts.items() if verdict in (*WRONG, "timeout")}


def _possible(wrong: Specimen, findings: Findings) -> bool:
    """Whether every check that catches this mistake also stopped the submission."""
    return all(findings.verdicts.get(name) in STOPPED for name in _caught(wrong))


def _explained(wrong: Specimen, came: TwoDraws, named: Mapping[str, tuple[Specimen, ...]]) -> set[str]:
    """The failed checks in which the submission did what this mistake does; none if it did something else in one.

    Where a mistake named already ended a check before this one could show, the check says nothing about this one.
    On each draw at least one of the answers must be such that nobody gives it by chance.
    """
    explained, told = set(), False
    findings = came.first
    for name in _caught(wrong):
        mine, its = findings.evidence.get(name), wrong.findings.first.evidence.get(name)
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
    return explained if told and _explained_again(wrong, came.further, explained, named) else set()


def _explained_again(
    wrong: Specimen, further: Findings, explained: Collection[str], named: Mapping[str, tuple[Specimen, ...]]
) -> bool:
    """Whether the submission did what this mistake does on the further draw, too, in the checks that were put again.

    A check that both pass there says nothing; one that only one of them passes speaks against it.
    """
    told = False
    for name in explained:
        if name not in further.verdicts:  # it ended in a time-out, and was not put again
            continue
        if further.verdicts[name] == "timeout":
            return False
        mine, its = further.evidence.get(name), wrong.findings.further.evidence.get(name)
        if mine is None and its is None:
            continue
        if mine is None or its is None:
            if wrong.findings.first.evidence[name].stable:
                return False
            continue
        bearing = mine.bearing(its)
        if bearing == "other" and not (name in named and mine.comes_before(its)):
            return False
        told = told or (bearing == "same" and its.telling)
    return told
