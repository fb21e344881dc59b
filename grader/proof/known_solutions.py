"""Known solutions, graded: what came of all of them, and what that proves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from grader.batch.class_run import grade
from grader.course.assignment import Assignment
from grader.course.secret import Secret
from grader.judge.problem import Check
from grader.judge.result import Result
from grader.proof.known_outcomes import Known
from grader.proof.matrix import KillMatrix, kill_matrix
from grader.proof.plan import Plan
from grader.proof.rates import Rate, prove_rates, prove_total, rates
from grader.proof.verify import Proof, Trial, prove
from grader.sandbox.forked import Sandbox


@dataclass(frozen=True)
class KnownSolutions:
    """`now` was graded in this run, and has times; `every` is that, and the rest of the plan as it was kept."""

    assignment: Assignment
    plan: Plan
    now: Sequence[tuple[Trial, Result]]
    every: Sequence[tuple[Trial, Result]]

    @classmethod
    def graded(
        cls, assignment: Assignment, plan: Plan, seed: Secret, sandbox: Sandbox, lanes: int | None = None
    ) -> KnownSolutions:
        """Makes the gradings that the plan has chosen."""
        jobs = [trial.job() for trial in plan.chosen]
        results = {job.name: result for job, result in grade(jobs, assignment, seed, sandbox=sandbox, lane_count=lanes)}
        now = [(trial, results[trial.name]) for trial in plan.chosen]
        return cls(assignment, plan, now, plan.all_results(now))

    @property
    def right(self) -> list[Result]:
        """What right solutions came to in this run."""
        return [result for trial, result in self.now if trial.right]

    @property
    def alone(self) -> dict[str, Fraction]:
        """The points of each mutant."""
        return {trial.specimen.name: result.points for trial, result in self.every if trial.specimen.kind == "mutant"}

    @property
    def matrix(self) -> KillMatrix:
        """Which check catches which mutant."""
        return kill_matrix([(trial.specimen, result) for trial, result in self.every if not trial.repeat])

    def rates(self, checks: Mapping[str, Check]) -> list[Rate]:
        """What each check does to right solutions."""
        return rates([(trial.name, result) for trial, result in self.every if trial.right], checks, self.right)

    def proofs(self, checks: Mapping[str, Check]) -> list[Proof]:
        """Every statement about known solutions."""
        return [
            *prove(self.every),
            *self.plan.prove_again(self.now),
            *prove_rates(self.rates(checks)),
            prove_total(self.assignment.name, self.right),
        ]

    def record(self) -> Known:
        """What is to be kept, where everything was graded."""
        return Known.of(self.every, self.plan.decides)
