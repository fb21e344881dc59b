"""One submission while it is judged: what its checks came to so far."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from grader.errors import SandboxError
from grader.judge.ask import Allowance
from grader.judge.brief import Brief
from grader.judge.evidence import Evidence, Findings, Trouble
from grader.judge.quote import Quotes
from grader.judge.result import CheckResult
from grader.judge.verdict import Blocked, Ending, Verdict
from grader.sandbox.replies import Host


@dataclass
class Sitting:
    """`host` has the submission's modules; while a check is put with substitutes, it is another one that also has
    these, for the problems `given`."""

    brief: Brief
    host: Host
    quotes: Quotes
    results: dict[str, CheckResult] = field(default_factory=dict)
    evidence: dict[str, Evidence] = field(default_factory=dict)
    last_probes: dict[str, str] = field(default_factory=dict)  # of each check with evidence: what it had asked last
    roots: dict[str, str] = field(default_factory=dict)  # blocked check -> the one at the root of what blocks it
    allowances: dict[str, Allowance] = field(default_factory=dict)  # by problem
    given: frozenset[str] = frozenset()
    disturbed: bool = False  # a check could not be judged, because somebody ended a process
    started: float = field(default_factory=time.perf_counter)
    graded_at: datetime = field(default_factory=lambda: datetime.now(UTC))

    @property
    def verdicts(self) -> Mapping[str, Verdict]:
        return {name: result.verdict for name, result in self.results.items()}

    def allowance(self, problem: str) -> Allowance:
        """What the checks of a problem have used so far."""
        return self.allowances.setdefault(problem, Allowance(problem))

    def blocked_by(self, need: str) -> Blocked:
        """How a check ends that needs this one."""
        return Blocked(self.roots.get(need, need))

    def note(self, name: str, ended: Ending, result: CheckResult) -> None:
        """Keeps what came of one attempt at a check."""
        self.results[name] = result
        self.disturbed |= isinstance(ended, SandboxError)
        if isinstance(ended, Blocked):
            self.roots[name] = ended.root

    def note_evidence(self, name: str, evidence: Evidence, last_probe: str) -> None:
        """Keeps what a check saw: of the first attempt that failed."""
        self.evidence.setdefault(name, evidence)
        self.last_probes.setdefault(name, last_probe)

    def forget_evidence(self, name: str) -> None:
        """It may be of what the check builds on."""
        self.evidence.pop(name, None)
        self.last_probes.pop(name, None)

    @property
    def findings(self) -> Findings:
        """What became of each check, for a comparison with other submissions."""
        return Findings(self.verdicts, dict(self.evidence), self._trouble)

    @property
    def _trouble(self) -> Trouble:
        """What somebody, or a mistake of ours, did to the judging."""
        if self.disturbed:
            return "disturbed"
        if "grader_error" in self.verdicts.values():
            return "ours"
        return "retried" if self.host.disturbed else ""
