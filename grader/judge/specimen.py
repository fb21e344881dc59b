"""A known submission, right or wrong: what proofs grade, and what a student's wrong answers are compared with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from grader.judge.evidence import Findings, TwoDraws

Kind = Literal["reference", "stub", "alternative", "mutant", "undone", "idle", "generic", "restyled", "pair"]


@dataclass(frozen=True)
class Specimen:
    """A known submission. `problem`, `says` and `hint` are a mutant's: where it is wrong, how, and what would help.

    In one that is undone, `problem` was left out, and all else is the reference's. One that is idle computes nothing.
    What is restyled has these and the name of its mutant. A pair has neither problem nor sentence, and in `mutants` the
    names of the two whose mistakes it makes. `findings` are what the checks of its problem saw of it, once they were
    put.
    """

    name: str
    kind: Kind
    modules: Mapping[str, str]
    problem: str = ""
    says: str = ""
    hint: str = ""
    mutants: tuple[str, ...] = ()
    findings: TwoDraws = field(default_factory=lambda: TwoDraws(Findings({}), Findings({})))

    def said(self) -> dict[str, str]:
        """What it takes to name it, as JSON: its source stays here."""
        return {"name": self.name, "kind": self.kind, "problem": self.problem, "says": self.says, "hint": self.hint}
