"""The calibration for people: `calibration.md` with a picture of each metric, beside `calibration.json`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from grader.atomic import write_atomically
from grader.course.assignment import Assignment
from grader.judge.calibration import Calibration, CheckCalibration, Fit, Metric, Values
from grader.proof.calibrate import APART, UNSEEN, seen_as
from grader.proof.rates import upper_bound
from grader.proof.tails import FITS
from grader.report.calibration_picture import picture

METHOD = """\
Each metric below was measured by the check itself, on the seeds of a calibration in place of the grading seed: on the
reference, every alternative and every mutant, with no other check in between. Solutions that give the reference's very
numbers are represented by it. The bound of a metric is found in four steps:

1. **Scale.** A metric that is 0 or more is taken as its logarithm, one from 0 to 1 as its logit; any other as it is.
2. **Normal.** If the values of right solutions are normal on that scale, the one-sided tolerance bound of the normal
   distribution (a quantile of the noncentral t) is a bound that a right solution misses with at most the stated
   probability, with the stated confidence.
3. **Tail.** A generalised Pareto distribution, fitted to the worst fifth of the values alone, gives a second bound: the
   confidence limit of its quantile, by the profile of the likelihood. It needs no assumption about the middle. The
   limit is taken at a fifth of the stated doubt, because with so few values it holds less often than it says.
4. The **more careful** of the two counts. A right solution whose values are others than those of the rest
   (Kolmogorov-Smirnov, p < 0.01 over all of them) has bounds of its own, and the most careful of all counts.

A probability and a doubt of a whole check are shared out evenly among its metrics. p is of the Anderson-Darling test
that a model fits (its distribution found by simulation); below 0.01 it does not."""


def write_page(assignment: Assignment, calibration: Calibration) -> list[Path]:
    """Writes the page and its pictures, removes pictures of metrics that are no more, and says what was written."""
    page, folder = assignment.solution / "calibration.md", assignment.solution / "calibration"
    pictures = {}
    for check_name, check in calibration.checks.items():
        for name, metric in check.metrics.items():
            pictures[folder / picture_name(check_name, name)] = picture(name, metric, check)
    for old in set(folder.glob("*.png")) - set(pictures):
        old.unlink()
    for path, content in pictures.items():
        write_atomically(path, content)
    write_atomically(page, page_text(assignment, calibration).encode())
    return [page, *pictures]


def picture_name(check: str, metric: str) -> str:
    """The file of one metric's picture. Two checks may give a metric the same name, so the check's is part of it."""
    words = f"{check.removeprefix('test_')} {metric}"
    return re.sub(r"\W+", "_", words).strip("_").lower() + ".png"


def page_text(assignment: Assignment, calibration: Calibration) -> str:
    """The page in Markdown: all of it follows from `calibration.json`."""
    made = ", ".join(f"{name} {value}" for name, value in calibration.made_with.items())
    parts = [
        f"# {assignment.short.upper()}: where the bounds of calibrated checks come from",
        f"Written by `make calibrate HW={assignment.short}` from `calibration.json`; `make verify` says when it is "
        f"stale. Made with {made}.",
        METHOD,
    ]
    for name, check in calibration.checks.items():
        parts += _check(name, check)
    return "\n\n".join(parts) + "\n"


def _check(name: str, check: CheckCalibration) -> Iterator[str]:
    yield f"## `{name}`"
    yield (
        f"A right solution fails it with a probability below **{check.may_fail:g}**, with {check.confidence:.0%} "
        f"confidence{', in each attempt' if check.may_fail > 1e-3 else ''}; each of its {len(check.metrics)} metric(s) "
        f"has a share of {check.may_fail / len(check.metrics):.2g}."
    )
    for metric_name, metric in check.metrics.items():
        yield f"### {metric_name}"
        yield from _metric(metric, picture_name(name, metric_name))
    yield "### What it says of wrong solutions"
    yield from _wrong(check)


def _metric(metric: Metric, picture_file: str) -> Iterator[str]:
    bound = f"{'at least' if metric.better == 'more' else 'at most'} {metric.bound:.4g}"
    sense, baseline = ("better" if metric.better == "more" else "worse"), ""
    if metric.baseline:
        came = sorted(value for value in metric.baseline if value is not None)
        spread = f"{came[0]:.4g}" if came[0] == came[-1] else f"{came[0]:.4g} to {came[-1]:.4g}"
        baseline = f" A trivial solution reaches {spread}."
    yield f"More is {sense}; it can be {metric.within}.{baseline} **Bound: {bound}.**"
    yield f"![Values of right and wrong solutions, baseline and bound](calibration/{picture_file})"
    yield _table(
        ["right solution", "runs", "worst", "median", "best", "below the bound", "at most"],
        [_spread(who, came, metric) for who, came in metric.right.items()],
    )
    yield _table(["model", "of", "values", "parameters on its scale", "p", "bound"], [_fit(fit) for fit in metric.fits])


def _spread(who: str, came: Values, metric: Metric) -> list[str]:
    values = sorted((v for v in came if v is not None), reverse=metric.better == "less")
    out = sum(v < metric.bound if metric.better == "more" else v > metric.bound for v in values)
    shown = [f"{v:.4g}" for v in (values[0], values[len(values) // 2], values[-1])]
    return [who, str(len(values)), *shown, str(out), f"{upper_bound(out, len(values)):.2%}"]


def _fit(fit: Fit) -> list[str]:
    parameters = ", ".join(f"{name} {value:g}" for name, value in fit.parameters.items())
    p = f"{fit.p_value:.2g}" + ("" if fit.p_value >= FITS else " (does not fit)")
    return [fit.model, fit.of, str(fit.count), parameters, p, f"{fit.at:.4g}"]


WORDS = {
    "apart": "told apart",
    "overlaps": "**overlaps**: sometimes caught, sometimes not",
    "unseen": "not seen: no different from right ones",
}


def _wrong(check: CheckCalibration) -> Iterator[str]:
    yield (
        "Caught by this check alone, had no other check come first: counted, and by the fit of a normal distribution "
        "on the metric's scale (of the metric that shows the mutant best). Told apart: caught in every run, and by fit "
        f"in {APART:.0%} or more. Not seen: in less than {UNSEEN:.0%}."
    )
    rows = []
    order = ("overlaps", "unseen", "apart")
    for who, found in sorted(check.caught.items(), key=lambda item: (order.index(seen_as(item[1])), item[0])):
        also = ", ".join(f"`{other}`" for other in found.also_by) or "nothing else"
        word = WORDS[seen_as(found)]
        rows.append([who, f"{found.caught} of {found.runs}", f"{found.by_fit:.1%}", word, also])
    yield _table(["mutant", "caught", "by fit", "", "also caught by"], rows)
    if check.not_measured:
        yield "Not measured, because the check ended first: " + ", ".join(f"{who}" for who in check.not_measured) + "."
    if check.like_the_reference:
        yield "Give the reference's very numbers here: " + ", ".join(check.like_the_reference) + "."


def _table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
