"""The proofs that take longest: generic mutants, and how well mistakes are recognised."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from grader.batch.class_run import Job, grade
from grader.course.assignment import Assignment
from grader.course.secret import Secret
from grader.judge.result import Result
from grader.judge.specimen import Specimen
from grader.proof.equivalent import explained
from grader.proof.generic import GenericMutant
from grader.proof.invariants import prove_pairs, prove_restyled, prove_unknown
from grader.proof.kept import Lot, Record, key, prove_again, prove_kept
from grader.proof.recognition import Recognition, prove_costs, prove_recognition, recognition
from grader.proof.specimens import crossed, mistakes, pairs, restyled, specimens
from grader.proof.survivors import Outcome, outcomes, prove_generic
from grader.proof.verify import Proof
from grader.sandbox.forked import Sandbox

CROSSED = 100  # pairs of mistakes of different problems, beside those of pairs.toml


class SlowProofs:
    """Generic mutants, and how well mistakes are recognised: graded anew, or told from the record with a sample."""

    def __init__(
        self,
        assignment: Assignment,
        seed: Secret,
        lanes: int | None,
        in_haste: Assignment,
        mutants: Sequence[GenericMutant],
        sandbox: Sandbox,
        alone: Mapping[str, Fraction],
    ) -> None:
        """`alone` are the points of each mutant, by name."""
        self.assignment, self.seed, self.lanes, self.in_haste, self.mutants = assignment, seed, lanes, in_haste, mutants
        self.sandbox, self.alone = sandbox, alone
        self.entries, self.known = explained(assignment), mistakes(assignment)

    def all_anew(self) -> tuple[list[Outcome], list[Recognition], list[Proof]]:
        """Everything is graded."""
        right = [each for each in specimens(self.assignment) if each.kind in ("reference", "alternative")]
        fared = self._outcomes(self.mutants)
        paired, drawn_pairs = pairs(self.assignment), crossed(self.assignment, CROSSED)
        styled, problem_of = restyled(self.assignment), {mistake.name: mistake.problem for mistake in self.known}
        seen, results = self._recognised([*styled, *paired], [*right, *drawn_pairs], self.known)
        told = [(each.name, results[key(each)]) for each in right]
        both = [(each, results[key(each)]) for each in (*paired, *drawn_pairs)]
        return (
            fared,
            seen,
            [
                *prove_generic(fared, self.entries),
                *prove_unknown(fared),
                *prove_recognition(seen, told),
                *prove_restyled((each, results[key(each)]) for each in styled),
                *prove_costs(both, problem_of),
                *prove_pairs(both, problem_of, self.alone),
            ],
        )

    def sampled(self, record: Record, lot: Lot) -> tuple[list[Outcome], list[Recognition], list[Proof]]:
        """What the record tells, if it is of today, and whether a sample of it comes out again.

        Right solutions are not among it: without a failed check there is nothing to diagnose.
        """
        current = prove_kept(self.assignment, record, self.mutants)
        fared = record.outcomes(self.mutants, self.entries)
        everything = [*restyled(self.assignment), *pairs(self.assignment)]
        seen = record.recognitions(everything)
        if not current.held:
            return fared, seen, [current]
        some, styled = lot.draw(self.mutants, [each for each in everything if each.kind == "restyled"])
        named = {each.name for each in styled}
        again, _ = self._recognised(styled, [], [each for each in self.known if each.name in named])
        return (
            fared,
            seen,
            [
                current,
                *prove_generic(fared, self.entries),
                *prove_unknown(fared),
                *prove_recognition(seen, []),
                *prove_again(record, self._outcomes(some), again),
            ],
        )

    def _outcomes(self, mutants: Sequence[GenericMutant]) -> list[Outcome]:
        reference = self.assignment.sources(self.assignment.solution)
        jobs = {mutant.name: Job(mutant.name, modules=mutant.specimen(reference).modules) for mutant in mutants}
        results = dict(self._graded(list(jobs.values()), self.in_haste))
        # In haste, a loop that never ends leaves other problems no time. What that costs is told by the real limits.
        short_of_time = [each.mutant.name for each in outcomes(mutants, results, self.entries) if each.in_doubt]
        results |= dict(self._graded([jobs[name] for name in short_of_time], self.assignment))
        return outcomes(mutants, results, self.entries)

    def _recognised(
        self, measured: Sequence[Specimen], others: Sequence[Specimen], known: Sequence[Specimen]
    ) -> tuple[list[Recognition], dict[str, Result]]:
        """What is named in the measured ones, and every result by the specimen's key."""
        jobs = [Job(key(each), modules=each.modules) for each in (*measured, *others)]
        results = dict(self._graded(jobs, self.assignment, known))
        return [recognition(each, results[key(each)]) for each in measured], results

    def _graded(
        self, jobs: Sequence[Job], assignment: Assignment, known: Sequence[Specimen] = ()
    ) -> Iterator[tuple[str, Result]]:
        if not jobs:
            return
        graded = grade(jobs, assignment, self.seed, sandbox=self.sandbox, lane_count=self.lanes, mistakes=known)
        for job, result in graded:
            yield job.name, result
