"""A further draw: failed checks are put once more with other inputs, before anything is said of what they look like.

On one draw a mistake may give another one's answers by chance, and half of a wrong answer may happen to be right. So
what is said of a failed check must hold on two draws. The second one changes no verdict and no point.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from grader.course.secret import Secret
from grader.judge.ask import Allowance
from grader.judge.evidence import TROUBLES, Evidence, Findings, Trouble
from grader.judge.result import CheckResult, Result
from grader.judge.verdict import WRONG, Verdict


def further_seed(secret: Secret) -> Secret:
    """What the second draw is derived from: as unknown as the first one's secret, and the same whenever that is."""
    digest = hashlib.sha256(f"further:{secret}".encode())
    return digest.hexdigest() if isinstance(secret, str) else int.from_bytes(digest.digest()[:4], "little")


@dataclass(frozen=True)
class Occasion:
    """When checks are put to a submission: at first, or on a further draw.

    On a further draw `results` has what became of the checks that are not put again, `used_s` the CPU seconds that each
    problem has used up of its allowance, and `stopped` the problems of which a question was stopped.
    """

    further: bool = False
    results: Mapping[str, CheckResult] = field(default_factory=dict)
    used_s: Mapping[str, float] = field(default_factory=dict)
    stopped: frozenset[str] = frozenset()

    def allowances(self) -> dict[str, Allowance]:
        """What the checks of each problem may still use."""
        return {problem: Allowance(problem, used_s, problem in self.stopped) for problem, used_s in self.used_s.items()}


FIRST = Occasion()


@dataclass(frozen=True)
class Round:
    """Checks that are put on a further draw together: those that were judged with the reference's part in place of the
    same problems, `given`."""

    given: frozenset[str]
    asked: frozenset[str]
    occasion: Occasion


def rounds(first: Result, findings: Findings) -> list[Round]:
    """How what failed is put once more. Nothing is asked that ended in a time-out, or that no import let begin.

    A check is put as it was at first: with the reference's part in place of the same problems.
    """
    again = [
        check
        for check in first.checks
        if check.verdict in WRONG and not check.file and (check.id in findings.evidence or check.diagnosis)
    ]
    used: dict[str, float] = {}
    for check in first.checks:
        used[check.problem] = used.get(check.problem, 0.0) + check.cpu_seconds
    stopped = frozenset(check.problem for check in first.checks if check.verdict == "timeout")
    found = []
    for given in sorted({check.given for check in again}):
        asked = frozenset(check.id for check in again if check.given == given)
        others = {each.id: each for each in first.checks if each.id not in asked and each.verdict != "grader_error"}
        occasion = Occasion(True, others, used, stopped)
        found.append(Round(frozenset(given.split(", ") if given else ()), asked, occasion))
    return found


def together(parts: list[tuple[Round, Findings, Result]]) -> tuple[Findings, dict[str, CheckResult]]:
    """What came of several rounds: of each check what the round that put it saw."""
    verdicts: dict[str, Verdict] = {}
    evidence: dict[str, Evidence] = {}
    results: dict[str, CheckResult] = {}
    trouble: Trouble = ""
    for part, findings, result in parts:
        trouble = max(trouble, findings.trouble, key=TROUBLES.index)
        verdicts |= {name: verdict for name, verdict in findings.verdicts.items() if name in part.asked}
        evidence |= {name: item for name, item in findings.evidence.items() if name in part.asked}
        results |= {check.id: check for check in result.checks if check.id in part.asked}
    return Findings(verdicts, evidence, trouble), results
