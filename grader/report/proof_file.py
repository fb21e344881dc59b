"""Proofs for machines: one JSON a homework."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from grader.judge.problem import Check
from grader.proof.calibrated import Fresh
from grader.proof.matrix import KillMatrix
from grader.proof.rates import Rate
from grader.proof.recognition import Recognition
from grader.proof.survivors import Outcome
from grader.proof.verify import Proof


@dataclass(frozen=True)
class Account:
    """All that `verify` found out about one homework. `graded` says which known solutions it graded, and why these."""

    homework: str
    graded: str
    checks: Mapping[str, Check]
    matrix: KillMatrix
    rates: Sequence[Rate]
    generic: Sequence[Outcome]
    recognition: Sequence[Recognition]
    fresh: Sequence[Fresh]
    proofs: Sequence[Proof]
    seconds: Mapping[str, float]

    @property
    def sound(self) -> bool:
        """Whether every statement held."""
        return all(proof.held for proof in self.proofs)

    def json(self) -> str:
        """The account as text."""
        content = {
            "homework": self.homework,
            "sound": self.sound,
            "graded": self.graded,
            "seconds": dict(self.seconds),
            "checks": self._checks(),
            "kills": self.matrix.kills,
            "idle": self.matrix.idle,
            "killed_by_one_check": self.matrix.single,
            "generic": self._generic(),
            "calibrated": [asdict(each) for each in self.fresh],
            "recognition": [
                {"made": sorted(item.made), "style": item.specimen.kind, "named": [sorted(each) for each in item.named]}
                for item in self.recognition
            ],
            "proofs": [
                {"statement": p.statement, "specimen": p.specimen, "held": p.held, "why_not": p.why_not}
                for p in self.proofs
            ],
        }
        return json.dumps(content, indent=1, ensure_ascii=False) + "\n"

    def _checks(self) -> list[dict[str, Any]]:
        by_generic = Counter(name for outcome in self.generic for name in outcome.killed_by)
        return [
            {
                "id": rate.check,
                "problem": self.checks[rate.check].problem,
                "visibility": self.checks[rate.check].visibility,
                "points": str(self.checks[rate.check].points),
                "kills": len(self.matrix.killed_by(rate.check)),
                "only_killer_of": self.matrix.only_killer_of(rate.check),
                "generic_kills": by_generic[rate.check],
                "right_gradings": rate.asked,
                "failed_right_gradings": rate.failed,
                "failure_rate": len(rate.failed) / rate.asked if rate.asked else None,
                "failure_rate_at_most": rate.at_most,
                "cpu_seconds_median": rate.median_s,
                "cpu_seconds_max": rate.max_s,
                "budget_s": rate.budget_s,
            }
            for rate in self.rates
        ]

    def _generic(self) -> list[dict[str, Any]]:
        return [
            {
                "module": outcome.mutant.module,
                "line": outcome.mutant.line,
                "where": outcome.mutant.where,
                "operator": outcome.mutant.operator,
                "original": outcome.mutant.original,
                "mutated": outcome.mutant.mutated,
                "killed_by": outcome.killed_by,
                "timed_out": outcome.timed_out,
                "reason": outcome.reason,
            }
            for outcome in self.generic
        ]
