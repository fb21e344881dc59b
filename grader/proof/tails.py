"""How good right solutions are at least: a bound below which hardly any of them falls.

The method, for one metric and a stated probability (such as 1e-4):

1. *Scale.* A metric that is 0 or more is taken as its logarithm, one from 0 to 1 as its logit, and the sign is turned
   where less is better. Then values have no ends, and small is bad.
2. *Normal.* If values are normal on that scale, a right solution falls below `mean - k deviation` with less than the
   stated probability, with the stated confidence: k is the factor of the one-sided tolerance bound for the normal
   distribution, a quantile of the noncentral t. The Anderson-Darling test says whether they are.
3. *Tail.* Whatever the distribution is in its middle, its far end is nearly a generalised Pareto distribution. It is
   fitted by maximum likelihood to the worst fifth of the values (30 at least), and its quantile has a confidence
   limit from the profile of the likelihood (Coles, An Introduction to Statistical Modeling of Extreme Values, 2001,
   section 4.3). With so few values such limits hold less often than they say, so a fifth of the stated doubt is asked
   of it. In simulations (tests/proof/test_tails.py) the bound then kept the stated probability in 88 to 100 % of
   samples, where 95 % was stated: least often where ends are a little heavier than normal, and then it was missed by
   little. The Anderson-Darling test, with the distribution of its statistic found by simulation, says whether it fits.
   Where the stated probability is so large that values can be counted instead, an order statistic takes its place.
4. *Bound.* The more careful of the two.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import optimize, stats

from grader.errors import CourseError
from grader.judge.calibrated import RANGES
from grader.judge.calibration import Fit
from grader.judge.result import Better, Within

FEWEST = 400  # right values; with fewer, too little can be said of a tail
TAIL, FEWEST_IN_TAIL = 0.2, 30
SIMULATED = 199  # samples behind a p-value
SEED = 2001  # of these simulations: the same values always give the same account
FITS = 0.01  # p-value from which on a model is said to fit


@dataclass(frozen=True)
class Scale:
    """From a metric's own numbers to a scale without ends on which small is bad, and back.

    `edge` stands for a value at the very end of the range: half as far from it as the nearest other value.
    """

    better: Better
    within: Within
    edge: float = 0.0

    @classmethod
    def of(cls, values: Sequence[float], better: Better, within: Within) -> Scale:
        low, high = RANGES[within]
        gaps = [gap for value in values for gap in (value - low, high - value) if 0 < gap < math.inf]
        return cls(better, within, min(gaps, default=1.0) / 2 if within != "any number" else 0.0)

    def to(self, values: Sequence[float]) -> np.ndarray:
        x = np.asarray(values, float)
        if self.within == "0 or more":
            x = np.log(np.maximum(x, self.edge))
        elif self.within == "0 to 1":
            x = np.clip(x, self.edge, 1 - self.edge)
            x = np.log(x) - np.log1p(-x)
        return x if self.better == "more" else -x

    def back(self, value: float) -> float:
        x = value if self.better == "more" else -value
        if self.within == "0 or more":
            return math.exp(min(x, 700.0))
        return 1 / (1 + math.exp(-max(x, -700.0))) if self.within == "0 to 1" else x


@dataclass(frozen=True)
class Demand:
    """What is asked of a bound: that a right solution misses it with a probability below `may_fail`, and how surely."""

    may_fail: float
    confidence: float

    def shared(self, metrics: int) -> Demand:
        """What is asked of each metric of a check, so that all of them together keep this."""
        return Demand(self.may_fail / metrics, 1 - (1 - self.confidence) / metrics)


def fits(scale: Scale, values: Sequence[float], of: str, demand: Demand) -> list[Fit]:
    """The two models' accounts of right values, and the bound that each would set, in the metric's own numbers."""
    y = scale.to(values)
    found: dict[Model, tuple[dict[str, float], float, float]] = {"normal": (*normal(y, demand), normal_p_value(y))}
    if by_count := counted(y, demand):
        found["counted"] = (*by_count, 1.0)
    else:
        found["tail"] = (*tail(y, demand), tail_p_value(y))
    return [
        Fit(
            model=model,
            of=of,
            count=len(y),
            parameters={name: float(f"{value:.4g}") for name, value in parameters.items()},
            p_value=float(f"{p_value:.3g}"),
            at=scale.back(at),
        )
        for model, (parameters, at, p_value) in found.items()
    ]


Model = Literal["normal", "tail", "counted"]
Account = tuple[dict[str, float], float]  # the model's parameters, and the bound on the scale


def normal(y: np.ndarray, demand: Demand) -> Account:
    """The one-sided tolerance bound of the normal distribution."""
    mean, deviation = float(y.mean()), float(y.std(ddof=1))
    factor = tolerance_factor(len(y), demand)
    return {"mean": mean, "deviation": deviation, "factor": factor}, mean - factor * deviation


def normal_p_value(y: np.ndarray) -> float:
    """Of the test whether values are normal."""
    return _p_value(y, lambda x: (x.mean(), x.std(ddof=1)), lambda x, fit: stats.norm.cdf(x, *fit), _normal_sample)


def tolerance_factor(count: int, demand: Demand) -> float:
    """k such that, as surely as demanded, at most `may_fail` of a normal distribution lies below mean - k deviation."""
    noncentrality = stats.norm.isf(demand.may_fail) * math.sqrt(count)
    return float(stats.nct.ppf(demand.confidence, count - 1, noncentrality) / math.sqrt(count))


def counted(y: np.ndarray, demand: Demand) -> Account | None:
    """An order statistic as tolerance bound, whatever the distribution; None where there are too few values for it."""
    below = int(stats.binom.ppf(1 - demand.confidence, len(y), demand.may_fail))  # so many lie below the quantile
    return ({"rank": below}, float(np.sort(y)[below - 1])) if below >= 1 else None


def tail(y: np.ndarray, demand: Demand) -> Account:
    """The confidence limit of a far quantile of the generalised Pareto distribution fitted to the worst values."""
    threshold, excess, size = _worst(y)
    beyond = demand.may_fail / (len(excess) / len(y))  # the stated probability, among the worst values
    shape, width = pareto(excess)
    best = _log_likelihood(excess, shape, width)
    drop = stats.chi2.ppf(1 - 2 * (1 - demand.confidence) / 5, 1) / 2  # one-sided

    def level(shape: float, width: float) -> float:
        return width * (beyond**-shape - 1) / shape if abs(shape) > 1e-9 else -width * math.log(beyond)

    def short(depth: float) -> float:
        """How far the best likelihood with the quantile at this depth lies above the limit."""
        found = optimize.minimize_scalar(
            lambda xi: -_log_likelihood(excess, xi, depth / level(xi, 1.0)), bounds=(-1.0, 2.0), method="bounded"
        )
        return float(-found.fun - (best - drop))

    nearest = level(shape, width)
    farthest = nearest
    while short(farthest) > 0 and farthest < 1e6 * nearest:
        farthest *= 1.5
    limit = optimize.brentq(short, nearest, farthest, xtol=1e-4) if farthest > nearest else nearest
    parameters = {"threshold": threshold, "worst": len(excess), "shape": shape, "width": width * size}
    return parameters, threshold - size * float(limit)


def tail_p_value(y: np.ndarray) -> float:
    """Of the test whether the worst values have a generalised Pareto distribution."""
    _, excess, _ = _worst(y)
    return _p_value(excess, pareto, lambda x, fit: stats.genpareto.cdf(x, fit[0], scale=fit[1]), _pareto_sample)


def _worst(y: np.ndarray) -> tuple[float, np.ndarray, float]:
    """The threshold below which values count as the worst, how far each lies below it, and the unit of these."""
    worst = np.sort(y)[: max(FEWEST_IN_TAIL, round(TAIL * len(y))) + 1]
    threshold, excess = float(worst[-1]), worst[-1] - worst[:-1]
    size = float(excess.mean())
    if size == 0:
        raise CourseError(
            f"The {len(excess)} worst right values are all the same: the metric is too coarse for a bound."
        )
    return threshold, excess / size, size


def pareto(excess: np.ndarray) -> tuple[float, float]:
    """Shape and width of the generalised Pareto distribution by maximum likelihood.

    In terms of theta = shape / width, the best shape is the mean of log(1 + theta x), which leaves one number to find.
    """

    def profile(theta: float) -> float:
        shape = float(np.log1p(theta * excess).mean())
        return math.log(shape / theta) + shape + 1 if abs(theta) > 1e-9 else math.log(excess.mean()) + 1

    # A shape below -1 has no maximum of the likelihood; theta stays above where it would come to that.
    low = -(1 - 1e-3) / float(excess.max())
    grid = np.concatenate([np.linspace(low, 0, 20), np.geomspace(1e-3, 20, 20) / excess.mean()])
    start = int(np.argmin([profile(theta) for theta in grid]))
    bounds = (grid[max(start - 1, 0)], grid[min(start + 1, len(grid) - 1)])
    theta = float(optimize.minimize_scalar(profile, bounds=bounds, method="bounded").x)
    shape = float(np.log1p(theta * excess).mean())
    return (shape, shape / theta) if abs(theta) > 1e-9 else (0.0, float(excess.mean()))


def _log_likelihood(excess: np.ndarray, shape: float, width: float) -> float:
    if width <= 0:
        return -math.inf
    if abs(shape) < 1e-9:
        return float(-len(excess) * math.log(width) - excess.sum() / width)
    inside = 1 + shape * excess / width
    if inside.min() <= 0:
        return -1e12
    return float(-len(excess) * math.log(width) - (1 + 1 / shape) * np.log(inside).sum())


Parameters = tuple[float, float]


def _p_value(
    x: np.ndarray,
    fit: Callable[[np.ndarray], Parameters],
    cdf: Callable[[np.ndarray, Parameters], np.ndarray],
    sample: Callable[[np.random.Generator, Parameters, int], np.ndarray],
) -> float:
    """Of the Anderson-Darling test of a fitted distribution: the statistic against that of samples from the fit."""
    rng, fitted = np.random.default_rng(SEED), fit(x)
    seen = _anderson_darling(cdf(np.sort(x), fitted))
    drawn = (sample(rng, fitted, len(x)) for _ in range(SIMULATED))
    as_far = sum(_anderson_darling(cdf(np.sort(other), fit(other))) >= seen for other in drawn)
    return (as_far + 1) / (SIMULATED + 1)


def _anderson_darling(shares: np.ndarray) -> float:
    z = np.clip(shares, 1e-12, 1 - 1e-12)
    odd = 2 * np.arange(len(z)) + 1
    return float(-len(z) - (odd * (np.log(z) + np.log1p(-z[::-1]))).mean())


def _normal_sample(rng: np.random.Generator, fit: Parameters, count: int) -> np.ndarray:
    return rng.normal(*fit, size=count)


def _pareto_sample(rng: np.random.Generator, fit: Parameters, count: int) -> np.ndarray:
    return np.asarray(stats.genpareto.ppf(rng.random(count), fit[0], scale=fit[1]))
