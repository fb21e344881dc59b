"""Calibrating: what right and wrong solutions reach over many seeds, and the bounds that follow.

The reference, every alternative and every mutant are run through the ordinary batch by a judge that measures. First
all of them on the same few seeds: whoever gives the reference's very numbers there does the same computation, as far
as the check is concerned, and is represented by it; a mutant that ends a check before it has a metric is left to the
checks that noticed it. The others go on with seeds of their own.
"""

from __future__ import annotations

import math
import platform
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib.metadata import version
from typing import Literal

from scipy import stats

from grader.batch.class_run import Job, grade
from grader.course.assignment import Assignment
from grader.errors import CourseError
from grader.judge.calibrated import good, stored
from grader.judge.calibration import Calibration, Caught, CheckCalibration, Fit, Metric, Values, depends
from grader.judge.problem import Check
from grader.judge.result import Better, Measurement, Within
from grader.judge.specimen import Specimen
from grader.proof.matrix import caught_by
from grader.proof.measure import Measurements, Run, Samples, Seen, seed_of, specimen_digest
from grader.proof.specimens import specimens
from grader.proof.tails import FEWEST, Demand, Scale, fits
from grader.sandbox.forked import Sandbox

SEEDS = 400  # of each right solution
SEEDS_OF_WRONG = 25  # of each mutant, which has no tail to be known
PILOT = 3  # seeds on which everybody is run
MAY_FAIL = 1e-4  # a right solution, in one check
CONFIDENCE = 0.95
DIFFERENT = 0.01  # p-value below which a right solution's values count as others than the reference's

# Part of the runs in which a mutant is caught, by fit: from APART on it is told apart (if it was caught in every run
# that was made), below UNSEEN the check does not see it.
APART, UNSEEN = 0.95, 0.05


def calibrate(
    assignment: Assignment,
    checks: Mapping[str, Check],
    files: Mapping[str, str],
    seeds: int = SEEDS,
    lanes: int | None = None,
    progress: Callable[[str, int], None] = lambda what, more: None,
    sandbox: Sandbox | None = None,
) -> Calibration:
    """Measures, and sets the bound of every metric. `files` says in which file each calibrated check is.

    `progress` is told what is run and how many runs are still to come. Raises `CourseError` where a right solution
    cannot be measured, or too few runs were asked for. Runs that were made before are not made again.
    """
    known = [specimen for specimen in specimens(assignment) if specimen.kind != "stub"]
    measure = Measurements(assignment, files.values(), lanes, progress, sandbox)
    pilot = [Run(specimen, seed_of("pilot", i)) for specimen in known for i in range(PILOT)]
    first = measure(pilot)
    _all_measured(first, known)
    like = {name: _like_the_reference(first[name]) for name in files}
    further = [s for s in known if any(s.name not in like[c] and _has_metrics(first[c][s.name]) for c in files)]
    rights = sum(specimen.kind != "mutant" for specimen in further)
    if seeds * rights < FEWEST:
        raise CourseError(f"{seeds} seeds of {rights} right solutions are too few for a bound: it takes {FEWEST} runs.")
    rest = [
        Run(specimen, seed_of(specimen.name, i))
        for specimen in further
        for i in range(seeds if specimen.kind != "mutant" else min(seeds, SEEDS_OF_WRONG))
    ]
    second = measure(rest)
    _all_measured(second, further)
    mutants = [specimen for specimen in known if specimen.kind == "mutant"]
    found = {
        name: _calibrated(name, checks[name], file, known, first[name], second[name], like[name])
        for name, file in files.items()
    }
    others = [mutant for mutant in mutants if mutant in further]
    noticed = _ordinarily(assignment, others, frozenset(files), lanes, sandbox)
    return Calibration(
        made_with={
            **{library: version(library) for library in ("torch", "numpy", "scipy")},
            "python": platform.python_version(),
            "platform": platform.platform(),
        },
        depends=depends(assignment),
        mutants={mutant.name: specimen_digest(mutant) for mutant in mutants},
        checks=_elsewhere(found, noticed),
    )


def _ordinarily(
    assignment: Assignment,
    mutants: Sequence[Specimen],
    calibrated: frozenset[str],
    lanes: int | None,
    sandbox: Sandbox | None,
) -> dict[str, tuple[str, ...]]:
    """Which exact checks catch each mutant when it is graded like a submission."""
    jobs = [Job(mutant.name, modules=mutant.modules) for mutant in mutants]
    graded = grade(jobs, assignment, seed_of("ordinary", 0), sandbox=sandbox, lane_count=lanes) if jobs else ()
    return {job.name: tuple(name for name in caught_by(result) if name not in calibrated) for job, result in graded}


def _elsewhere(
    found: Mapping[str, CheckCalibration], noticed: Mapping[str, tuple[str, ...]]
) -> dict[str, CheckCalibration]:
    """Says of each mutant which other checks catch it: exact ones, and calibrated ones that tell it apart."""
    apart = {(name, who) for name, check in found.items() for who, c in check.caught.items() if seen_as(c) == "apart"}
    told = {}
    for name, check in found.items():
        others = {
            who: (*noticed.get(who, ()), *(other for other in found if other != name and (other, who) in apart))
            for who in check.caught
        }
        caught = {who: c.model_copy(update={"also_by": others[who]}) for who, c in check.caught.items()}
        told[name] = check.model_copy(update={"caught": caught})
    return told


def _has_metrics(runs: Sequence[Seen]) -> bool:
    return any(seen.metrics for seen in runs)


def _all_measured(samples: Samples, known: Sequence[Specimen]) -> None:
    """Raises `CourseError` unless every check has finite metrics of every right solution."""
    for check, runs in samples.items():
        for who in (specimen.name for specimen in known if specimen.kind != "mutant"):
            for seen in runs[who]:
                nothing = [f"{each.metric} is no finite number" for each in seen.metrics if each.value is None]
                if why := seen.ended or "; ".join(nothing):
                    raise CourseError(f"{check} has no metric of {who}, which is right: {why}")


def _like_the_reference(first: Mapping[str, Sequence[Seen]]) -> set[str]:
    """Who gives the reference's very numbers, the reference itself left out."""
    numbers = {name: [seen.metrics for seen in runs] for name, runs in first.items()}
    return {name for name, came in numbers.items() if name != "reference" and came == numbers["reference"]}


def _calibrated(
    name: str,
    check: Check,
    file: str,
    known: Sequence[Specimen],
    first: Mapping[str, Sequence[Seen]],
    second: Mapping[str, Sequence[Seen]],
    like: set[str],
) -> CheckCalibration:
    """The bounds of one check."""
    kinds = {specimen.name: specimen.kind for specimen in known}
    runs = {who: seen for who, seen in second.items() if who not in like}
    right = {who: seen for who, seen in runs.items() if kinds[who] != "mutant"}
    wrong = {who: [each for each in seen if each.metrics] for who, seen in runs.items() if kinds[who] == "mutant"}
    wrong = {who: seen for who, seen in wrong.items() if seen}
    declared = second["reference"][0].metrics
    may_fail = MAY_FAIL if check.retest is None else 1 - check.retest.right
    metrics = {
        each.metric: _metric(
            each,
            {who: _values(seen, i) for who, seen in right.items()},
            {who: _values(seen, i) for who, seen in wrong.items()},
            tuple(stored(seen.metrics[i].baseline) for seen in right["reference"]) if each.baseline is not None else (),
            Demand(may_fail, CONFIDENCE).shared(len(declared)),
        )
        for i, each in enumerate(declared)
    }
    unmeasured = {
        who: _without_code(seen[0].ended) for who, seen in first.items() if kinds[who] == "mutant" and who not in wrong
    }
    return CheckCalibration(
        file=file,
        may_fail=may_fail,
        confidence=CONFIDENCE,
        metrics=metrics,
        caught={who: caught(who, metrics) for who in wrong},
        like_the_reference=tuple(sorted(like)),
        not_measured={who: ended for who, ended in unmeasured.items() if who not in like},
    )


def _without_code(ended: str) -> str:
    """How a check ended without the line that it quotes: of a probe, that is public, and what is kept here is not."""
    return re.sub(r" `[^`]*`", "", ended)


def _values(seen: Iterable[Seen], place: int) -> Values:
    return tuple(each.metrics[place].value for each in seen)


def _metric(
    declared: Measurement,
    right: Mapping[str, Values],
    wrong: Mapping[str, Values],
    baseline: Values,
    demand: Demand,
) -> Metric:
    """One metric with its bound."""
    found, bound = bound_of(declared.metric, declared.better, declared.within, right, demand)
    return Metric(
        better=declared.better,
        within=declared.within,
        bound=bound,
        fits=tuple(found),
        baseline=baseline,
        right=dict(right),
        wrong=dict(wrong),
    )


def bound_of(
    metric: str, better: Better, within: Within, right: Mapping[str, Values], demand: Demand
) -> tuple[list[Fit], float]:
    """What both models say of all right values together, and of each right solution whose values are others; the bound.

    Raises `CourseError` where the values cannot carry a bound.
    """
    values = {who: [value for value in came if value is not None] for who, came in right.items()}
    together = [value for came in values.values() for value in came]
    if len(together) < FEWEST:
        raise CourseError(f"{len(together)} values of {metric!r} are too few for a bound: it takes {FEWEST}.")
    if min(together) == max(together):
        raise CourseError(f"{metric!r} is always {together[0]}: that is no matter of chance. Compare it exactly.")
    scale = Scale.of(together, better, within)
    groups = {"all right solutions": together}
    for who, came in values.items():
        others = [value for other, each in values.items() if other != who for value in each]
        if others and stats.ks_2samp(came, others).pvalue < DIFFERENT / len(values):
            groups[who] = came
    found = [fit for of, came in groups.items() for fit in fits(scale, came, of, demand)]
    return found, most_careful(found, better)


def most_careful(found: Sequence[Fit], better: str) -> float:
    """The bound that demands least, rounded to four digits towards demanding less."""
    at = min(fit.at for fit in found) if better == "more" else max(fit.at for fit in found)
    step = 10.0 ** (math.floor(math.log10(abs(at))) - 3) if at else 1.0
    down = math.floor(at / step) if better == "more" else math.ceil(at / step)
    return float(f"{down * step:.4g}")


def caught(mutant: str, metrics: Mapping[str, Metric]) -> Caught:
    """How often a check catches a mutant: in any metric, counted; by the fit of the metric that shows it best."""
    runs = list(zip(*(metric.wrong[mutant] for metric in metrics.values()), strict=True))
    passed = [
        all(
            value is not None and good(value, m.bound, m.better) for value, m in zip(run, metrics.values(), strict=True)
        )
        for run in runs
    ]
    return Caught(
        runs=len(runs),
        caught=passed.count(False),
        by_fit=round(max(_beyond(metric, metric.wrong[mutant]) for metric in metrics.values()), 4),
    )


def seen_as(found: Caught) -> Literal["apart", "overlaps", "unseen"]:
    """Whether a check tells a mutant from right solutions."""
    if found.caught == found.runs and found.by_fit >= APART:
        return "apart"
    return "unseen" if found.caught < UNSEEN * found.runs and found.by_fit < UNSEEN else "overlaps"


def _beyond(metric: Metric, values: Values) -> float:
    """The share of values on the wrong side of the bound, if they are normal on the metric's scale."""
    finite = [value for value in values if value is not None]
    lost = 1 - len(finite) / len(values)
    if len(finite) < 2:
        return lost
    right = [value for came in metric.right.values() for value in came if value is not None]
    scale = Scale.of([*right, *finite], metric.better, metric.within)
    y, bound = scale.to(finite), float(scale.to([metric.bound])[0])
    deviation = float(y.std(ddof=1))
    beyond = float(stats.norm.cdf((bound - y.mean()) / deviation)) if deviation else float(y[0] < bound)
    return lost + (1 - lost) * beyond
