"""What must hold of calibrated checks: current, careful with right solutions, and able to tell wrong ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from grader.course.assignment import Assignment
from grader.errors import CourseError
from grader.judge.calibrated import good
from grader.judge.calibration import Calibration, CheckCalibration, Metric, changed, depends, read_calibration
from grader.judge.result import Result
from grader.judge.specimen import Specimen
from grader.proof.calibrate import SEEDS, bound_of, seen_as
from grader.proof.matrix import KillMatrix
from grader.proof.measure import specimen_digest
from grader.proof.tails import FEWEST, FITS, Demand
from grader.proof.verify import Proof

CURRENT = "a calibration is of the files of today"
FOLLOWS = "a calibrated bound follows from the values stored with it"
CAREFUL = "a right solution fails a calibrated check with less than the stated probability"
TELLS = "a calibrated check tells right from wrong, or another check does"


@dataclass(frozen=True)
class Fresh:
    """A metric on right gradings of a verification, whose seeds are others than those of the calibration."""

    check: str
    metric: str
    bound: float
    count: int
    worst: float
    median: float


def fresh(results: Sequence[Result]) -> list[Fresh]:
    """What right solutions reached in each calibrated metric."""
    found: dict[tuple[str, str], list[float]] = {}
    declared = {}
    for result in results:
        for check in result.checks:
            for each in check.metrics:
                if each.value is not None and each.bound is not None:
                    found.setdefault((check.id, each.metric), []).append(each.value)
                    declared[check.id, each.metric] = (each.bound, min if each.better == "more" else max)
    return [
        Fresh(*key, declared[key][0], len(values), declared[key][1](values), median(values))
        for key, values in found.items()
    ]


def prove_calibration(
    assignment: Assignment, files: Mapping[str, str], mutants: Sequence[Specimen], matrix: KillMatrix
) -> list[Proof]:
    """All statements about the calibrated checks in `files` (check -> file); none where there are no such checks."""
    if not files:
        return []
    try:
        calibration = read_calibration(assignment)
    except CourseError as error:
        return [Proof(CURRENT, check, False, str(error)) for check in files]
    proofs = _current(assignment, calibration, files, mutants)
    for name in files:
        if name in calibration.checks:
            check = calibration.checks[name]
            proofs += [_follows(name, metric, check) for metric in check.metrics]
            share = check.may_fail / len(check.metrics)
            proofs += [careful(name, metric, check.metrics[metric], share) for metric in check.metrics]
            proofs += _tells(name, calibration, matrix)
    return proofs


def _current(
    assignment: Assignment, calibration: Calibration, files: Mapping[str, str], mutants: Sequence[Specimen]
) -> list[Proof]:
    again = f"Run: make calibrate HW={assignment.short}"
    now = depends(assignment)
    proofs = []
    for name in sorted({*files, *calibration.checks}):
        if name not in files:
            why = "there is no such calibrated check any more"
        elif name not in calibration.checks:
            why = "it has no bounds yet"
        else:
            old = changed(calibration, now, files[name])
            why = f"{', '.join(old)} changed since" if old else ""
        proofs.append(Proof(CURRENT, name, not why, f"{why}. {again}" if why else ""))
    digests = {mutant.name: specimen_digest(mutant) for mutant in mutants}
    other = sorted(
        name for name in {*digests, *calibration.mutants} if digests.get(name) != calibration.mutants.get(name)
    )
    why = f"not measured as they are now: {', '.join(other)}. {again}" if other else ""
    return [*proofs, Proof(CURRENT, "mutants", not why, why)]


def _follows(name: str, metric: str, check: CheckCalibration) -> Proof:
    """Nobody has typed the bound in: the method gives it again."""
    known, demand = check.metrics[metric], Demand(check.may_fail, check.confidence).shared(len(check.metrics))
    _, again = bound_of(metric, known.better, known.within, known.right, demand)
    held = abs(again - known.bound) <= 1e-3 * max(abs(again), abs(known.bound))
    return Proof(
        FOLLOWS, f"{name}: {metric}", held, "" if held else f"it is {known.bound:g}; the values give {again:g}"
    )


def careful(name: str, metric: str, known: Metric, may_fail: float) -> Proof:
    """Whether the bound keeps the stated probability of failing a right solution, `may_fail`, in one attempt."""
    faults = []
    values = [value for came in known.right.values() for value in came if value is not None]
    if len(values) < FEWEST:
        faults.append(f"{len(values)} values are too few; take {SEEDS} seeds or more")
    for of in dict.fromkeys(fit.of for fit in known.fits):
        if not any(fit.p_value >= FITS for fit in known.fits if fit.of == of):
            faults.append(
                f"neither model fits the values of {of}, so the probability is not known: choose another metric"
            )
    missed = sum(not good(value, known.bound, known.better) for value in values)
    if missed > may_fail * len(values):
        faults.append(f"{missed} of {len(values)} right values are beyond the bound")
    return Proof(CAREFUL, f"{name}: {metric}", not faults, "; ".join(faults))


def _tells(name: str, calibration: Calibration, matrix: KillMatrix) -> list[Proof]:
    """The check tells some mutant apart, asks for more than a trivial solution, and lets none through unnoticed."""
    check = calibration.checks[name]
    apart = {
        (other, who) for other, c in calibration.checks.items() for who in c.caught if seen_as(c.caught[who]) == "apart"
    }
    proofs = []
    why = "" if any(other == name for other, _ in apart) else "it tells no mutant from right solutions in every run"
    proofs.append(Proof(TELLS, name, not why, why))
    for metric, known in check.metrics.items():
        trivial = [value for value in known.baseline if value is not None and good(value, known.bound, known.better)]
        if trivial:
            why = (
                f"in {len(trivial)} of {len(known.baseline)} runs a trivial solution reaches the bound {known.bound:g}"
            )
            proofs.append(Proof(TELLS, f"{name}: {metric}", False, why))
    for who, found in check.caught.items():
        elsewhere = [
            other
            for other in matrix.kills.get(who, ())
            if other != name and (other not in calibration.checks or (other, who) in apart)
        ]
        if (name, who) not in apart and who in matrix.kills and not elsewhere:
            share = f"{found.caught} of {found.runs} runs, {found.by_fit:.0%} by fit"
            why = f"its values overlap with right ones (caught in {share}), and no other check catches it"
            proofs.append(Proof(TELLS, f"{name}: {who}", False, why))
    return proofs
