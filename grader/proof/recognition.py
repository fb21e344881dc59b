"""How well known mistakes are recognised: in another student's style, two at a time, and never in right solutions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from grader.judge.result import Result
from grader.judge.specimen import Specimen
from grader.proof.verify import Proof

ENOUGH = 0.9  # of the restyled mistakes

RECOGNISED = f"at least {ENOUGH:.0%} of the mistakes in another student's style are recognised"
NO_OTHER = "no mistake is taken for another"
BOTH = "of two mistakes both are recognised or neither"
EACH_COSTS = "of two mistakes each costs points in its own problem"
NOT_IN_RIGHT = "a right solution gets no diagnosis"


@dataclass(frozen=True)
class Recognition:
    """What was named in one restyled mistake or pair; mistakes that no check tells apart are named together."""

    specimen: Specimen
    named: tuple[frozenset[str], ...]

    @property
    def made(self) -> frozenset[str]:
        """The mistakes that it makes."""
        return frozenset(self.specimen.mutants or (self.specimen.name,))

    @property
    def recognised(self) -> frozenset[str]:
        """Those that were named."""
        return self.made & frozenset().union(*self.named)

    @property
    def others(self) -> tuple[str, ...]:
        """What was named although it was not made."""
        return tuple(" or ".join(sorted(names)) for names in self.named if not names & self.made)


def recognition(specimen: Specimen, result: Result) -> Recognition:
    """What the result of grading a specimen names."""
    texts = {check.diagnosis.mutant for check in result.checks if check.diagnosis and check.diagnosis.mutant}
    return Recognition(specimen, tuple(frozenset(text.split(" or ")) for text in sorted(texts)))


def prove_recognition(found: Sequence[Recognition], right: Sequence[tuple[str, Result]]) -> list[Proof]:
    """The statements about recognition; none where a homework has nothing to measure it with."""
    restyled = [item for item in found if item.specimen.kind == "restyled"]
    proofs = []
    if restyled:
        missed = [item.specimen.name for item in restyled if not item.recognised]
        good = len(restyled) - len(missed)
        share = f"{good} of {len(restyled)}"
        why = f"{share}; not recognised: {', '.join(missed)}"
        proofs.append(Proof(RECOGNISED, share, good >= ENOUGH * len(restyled), why))
    for item in found:
        proofs.append(Proof(NO_OTHER, item.specimen.name, not item.others, f"taken for {'; '.join(item.others)}"))
        if item.specimen.kind == "pair":
            half = 0 < len(item.recognised) < 2
            proofs.append(Proof(BOTH, item.specimen.name, not half, f"only {', '.join(item.recognised)}"))
    for name, result in right:
        told = [check.id for check in result.checks if check.diagnosis]
        proofs.append(Proof(NOT_IN_RIGHT, name, not told, ", ".join(told)))
    return proofs


def prove_costs(paired: Sequence[tuple[Specimen, Result]], problem_of: Mapping[str, str]) -> list[Proof]:
    """Whether a check that is judged with one mistake still sees the other. `problem_of` is of a mutant, by name."""
    proofs = []
    for pair, result in paired:
        full = {problem.id for problem in result.problems if problem.points == problem.max_points}
        free = [name for name in pair.mutants if problem_of[name] in full]
        proofs.append(Proof(EACH_COSTS, pair.name, not free, f"{' and '.join(free)}: full marks all the same"))
    return proofs
