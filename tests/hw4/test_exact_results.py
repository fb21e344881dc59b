"""The exact results of HW4, against quadrature, brute-force linear algebra, fine grids and Monte Carlo.

Each closed form is written down once more here, as a function of numbers, and compared with something that does not use
it. What is drawn at random is seeded, and may be 6 standard errors away.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from dataclasses import dataclass
from math import comb, exp, log, pi, prod, sqrt
from pathlib import Path

import numpy as np
import pytest

HANDOUT = " ".join(
    (Path(__file__).resolve().parents[2] / "assignments" / "hw4_bayes" / "README.md")
    .read_text(encoding="utf-8")
    .split()
)

Array = np.ndarray


def normal_log_density(y: Array, mean: Array, covariance: Array) -> float:
    """By a determinant and a linear system, whatever the covariance is."""
    r = y - mean
    _, log_det = np.linalg.slogdet(covariance)
    return -0.5 * (len(y) * log(2 * pi) + log_det + r @ np.linalg.solve(covariance, r))


def assert_mean_is(draws: Array, expected: float) -> None:
    error = draws.std(ddof=1) / sqrt(len(draws))
    assert abs(draws.mean() - expected) < 6 * error


# ---------------------------------------------------------------------------------------------------------------------
# Problem 1


def log_evidence(n: int, s: float, sigma: float, a: float, g: float, r: float) -> float:
    quadratic = r / sigma**2 - s * g**2 / (sigma**2 * (sigma**2 + s * a))
    return -0.5 * (n * log(2 * pi * sigma**2) + log(1 + s * a / sigma**2) + quadratic)


@dataclass(frozen=True)
class Hierarchy:
    """A task of problem 1 with its data."""

    s1: float
    s2: float
    sigma: float
    w: float
    m: float
    x: Array  # (N,)
    y: Array  # (N,)

    @property
    def s(self) -> float:
        return self.s1**2 + self.s2**2

    def log_evidence(self) -> float:
        r = self.y - self.w * self.m * self.x
        return log_evidence(len(r), self.s, self.sigma, self.x @ self.x, self.x @ r, r @ r)

    def log_joint(self, phi1: Array, phi2: Array) -> Array:
        """log p(Y, phi_1, phi_2), for arrays of both."""
        parts = [(phi1, self.s1), (phi2 - phi1 - self.w * self.m, self.s2)]
        parts += [(y - phi2 * x, self.sigma) for x, y in zip(self.x, self.y, strict=True)]
        return sum(-0.5 * log(2 * pi * scale**2) - residual**2 / (2 * scale**2) for residual, scale in parts)

    def bound(self, a: float, b: float, u: float, mu: float, v: float) -> float:
        """The evidence bound by Gauss-Hermite quadrature, which is exact for a quadratic."""
        z, weight = np.polynomial.hermite_e.hermegauss(2)
        z1, z2 = np.meshgrid(z, z)
        weights = np.outer(weight, weight) / weight.sum() ** 2
        phi2 = mu + sqrt(v) * z2
        phi1 = a * phi2 + b * self.m + sqrt(u) * z1
        log_q = -log(2 * pi) - 0.5 * log(u * v) - (z1**2 + z2**2) / 2
        return float((weights * (self.log_joint(phi1, phi2) - log_q)).sum())


def shared_optimum(task: Hierarchy) -> tuple[float, float, float]:
    """A, B and u."""
    return task.s1**2 / task.s, -task.w * task.s1**2 / task.s, task.s1**2 * task.s2**2 / task.s


def own_optimum(task: Hierarchy) -> tuple[float, float]:
    """mu and v."""
    v = 1 / (1 / task.s + task.x @ task.x / task.sigma**2)
    return v * (task.w * task.m / task.s + task.x @ task.y / task.sigma**2), v


def tasks_of_one_family(seed: int, sizes: tuple[int, ...]) -> list[Hierarchy]:
    """Tasks with the same s1, s2, sigma and w; each has a description and data of its own."""
    rng = np.random.default_rng(seed)
    s1, s2, sigma = rng.uniform(0.5, 1.5, 3)
    w = rng.uniform(0.5, 1.5)
    draws = ((rng.uniform(-2, 2), rng.normal(size=n), 1.5 * rng.normal(size=n)) for n in sizes)
    return [Hierarchy(s1, s2, sigma, w, m, x, y) for m, x, y in draws]


@pytest.mark.parametrize("n", [1, 2, 7])
def test_the_log_evidence_is_that_of_a_normal_vector(n: int) -> None:
    """Y is a linear map of independent normal numbers: phi_1, what phi_2 adds, and N times noise."""
    for seed in range(5):
        (task,) = tasks_of_one_family(seed, (n,))
        linear = np.column_stack([task.x, task.x, np.eye(n)])  # (N, 2 + N)
        scales = np.array([task.s1, task.s2, *[task.sigma] * n])
        covariance = linear @ np.diag(scales**2) @ linear.T
        expected = normal_log_density(task.y, task.w * task.m * task.x, covariance)
        assert task.log_evidence() == pytest.approx(expected, rel=1e-10)


def test_the_log_evidence_is_the_integral_over_both_parameters() -> None:
    (task,) = tasks_of_one_family(3, (3,))
    grid = np.linspace(-10, 10, 401)
    joint = np.exp(task.log_joint(grid[:, None], grid[None, :]))
    assert log(joint.sum() * (grid[1] - grid[0]) ** 2) == pytest.approx(task.log_evidence(), abs=1e-8)


def maximum(function: Callable[[Array], float], start: Array) -> Array:
    """By Newton's method with differences for derivatives, always uphill, and shorter where that overshoots."""
    at, step = start, 1e-3
    unit = step * np.eye(len(start))
    for _ in range(60):
        here = function(at)
        up = np.array([function(at + e) for e in unit])
        down = np.array([function(at - e) for e in unit])
        slope = (up - down) / (2 * step)
        if np.abs(slope).max() < 1e-9:
            break
        both = np.array([[function(at + e + f) for f in unit] for e in unit])
        curvature = (both - up[:, None] - up[None, :] + here) / step**2
        values, vectors = np.linalg.eigh((curvature + curvature.T) / 2)
        move = vectors @ (vectors.T @ slope / np.maximum(np.abs(values), 1e-3))
        while function(at + move) < here and np.abs(move).max() > 1e-12:
            move = move / 2
        at = at + move
    return at


def test_the_bound_is_largest_and_tight_at_the_stated_optimum() -> None:
    """Two tasks share A, B and u, and each has a mu and a v. Found by climbing, without any formula."""
    first, second = tasks_of_one_family(11, (2, 4))

    def total(p: Array) -> float:
        a, b, log_u, mu1, log_v1, mu2, log_v2 = p
        return first.bound(a, b, exp(log_u), mu1, exp(log_v1)) + second.bound(a, b, exp(log_u), mu2, exp(log_v2))

    found = maximum(total, np.zeros(7))
    assert total(found) == pytest.approx(first.log_evidence() + second.log_evidence(), abs=1e-9)
    a, b, u = shared_optimum(first)
    (mu1, v1), (mu2, v2) = own_optimum(first), own_optimum(second)
    np.testing.assert_allclose(found, [a, b, log(u), mu1, log(v1), mu2, log(v2)], atol=1e-4)


def test_elsewhere_the_bound_is_below_the_evidence() -> None:
    rng = np.random.default_rng(5)
    (task,) = tasks_of_one_family(4, (3,))
    (a, b, u), (mu, v) = shared_optimum(task), own_optimum(task)
    assert task.bound(a, b, u, mu, v) == pytest.approx(task.log_evidence(), abs=1e-10)
    for _ in range(50):
        da, db, du, dmu, dv = rng.normal(size=5)
        elsewhere = task.bound(a + da, b + db, u * exp(du), mu + dmu, v * exp(dv))
        assert elsewhere < task.log_evidence() - 1e-3


# ---------------------------------------------------------------------------------------------------------------------
# Problem 2


def left_of_the_distance(alpha: float, h: Array, steps: float) -> Array:
    return (1 - alpha * h) ** steps


def prior_variance(alpha: float, h: Array, steps: float, sigma: float) -> Array:
    return sigma**2 / h * ((1 - alpha * h) ** -steps - 1)


def steps_for(alpha: float, h: Array, sigma: float, q: Array) -> Array:
    return -np.log(1 + q * h / sigma**2) / np.log(1 - alpha * h)


@pytest.mark.parametrize("steps", [1, 2, 5, 20])
def test_gradient_steps_end_at_the_map_estimate_of_the_stated_prior(steps: int) -> None:
    rng = np.random.default_rng(steps)
    inputs, labels, theta = rng.normal(size=(6, 3)), rng.normal(size=6), rng.normal(size=3)
    sigma = 0.7
    h, axes = np.linalg.eigh(inputs.T @ inputs)
    alpha = 0.9 / h.max()
    phi = theta
    for _ in range(steps):
        phi = phi - alpha * inputs.T @ (inputs @ phi - labels)
    least_squares = np.linalg.lstsq(inputs, labels, rcond=None)[0]
    left = left_of_the_distance(alpha, h, steps)
    np.testing.assert_allclose(axes.T @ (phi - least_squares), left * (axes.T @ (theta - least_squares)), atol=1e-12)
    precision = axes @ np.diag(1 / prior_variance(alpha, h, steps, sigma)) @ axes.T
    estimate = np.linalg.solve(
        inputs.T @ inputs / sigma**2 + precision, inputs.T @ labels / sigma**2 + precision @ theta
    )
    np.testing.assert_allclose(estimate, phi, atol=1e-10)


def test_the_number_of_steps_is_the_inverse_of_the_prior_variance() -> None:
    h = np.array([0.05, 0.3, 0.9])
    for steps in (0.5, 1.0, 3.7, 12.0):
        q = prior_variance(0.6, h, steps, 1.3)
        np.testing.assert_allclose(steps_for(0.6, h, 1.3, q), steps, rtol=1e-10)


def test_the_limits_of_small_rates_and_flat_directions() -> None:
    h, sigma, t = np.array([0.2, 0.8]), 0.7, 2.5
    np.testing.assert_allclose(prior_variance(1e-7, h, t / 1e-7, sigma), sigma**2 * np.expm1(h * t) / h, rtol=1e-5)
    assert prior_variance(0.3, np.array([1e-6]), 8, sigma)[0] == pytest.approx(sigma**2 * 0.3 * 8, rel=1e-5)
    narrow, wide = prior_variance(0.5, h, 6, sigma)
    assert narrow < wide  # a flat direction has the narrower prior


# ---------------------------------------------------------------------------------------------------------------------
# Problem 3


def weight_in_maml(a: Array, alpha: float, steps: int) -> Array:
    return a * (1 - alpha * a) ** (2 * steps)


def weight_in_first_order(a: Array, alpha: float, steps: int) -> Array:
    return a * (1 - alpha * a) ** steps


def weight_in_reptile(a: Array, alpha: float, steps: int) -> Array:
    return 1 - (1 - alpha * a) ** steps


def adapted(theta: float, a: Array, c: Array, alpha: float, steps: int) -> Array:
    phi = np.full_like(a, theta)
    for _ in range(steps):
        phi = phi - alpha * a * (phi - c)
    return phi


def update_of_maml(theta: float, a: Array, c: Array, alpha: float, steps: int) -> Array:
    """The outer derivative as a difference, which is exact for a quadratic."""
    before, after = (a * (adapted(theta + d, a, c, alpha, steps) - c) ** 2 / 2 for d in (-0.5, 0.5))
    return after - before


def update_of_first_order(theta: float, a: Array, c: Array, alpha: float, steps: int) -> Array:
    return a * (adapted(theta, a, c, alpha, steps) - c)


def update_of_reptile(theta: float, a: Array, c: Array, alpha: float, steps: int) -> Array:
    return theta - adapted(theta, a, c, alpha, steps)


LEARNERS = [
    (update_of_maml, weight_in_maml),
    (update_of_first_order, weight_in_first_order),
    (update_of_reptile, weight_in_reptile),
]


def settled(update: Callable[..., Array], a: Array, c: Array, alpha: float, steps: int) -> float:
    """Where the meta-learner ends that moves against the mean update, again and again."""
    theta = 5.0
    pace = 1 / abs((update(1.0, a, c, alpha, steps) - update(0.0, a, c, alpha, steps)).mean())
    for _ in range(60):
        theta = theta - 0.7 * pace * float(update(theta, a, c, alpha, steps).mean())
    return theta


@pytest.mark.parametrize(("update", "weight"), LEARNERS)
@pytest.mark.parametrize("steps", [1, 2, 5])
def test_the_weights_and_where_each_learner_settles(
    update: Callable[..., Array], weight: Callable[..., Array], steps: int
) -> None:
    rng = np.random.default_rng(steps)
    a, c, alpha = rng.uniform(0.05, 0.95, 6), rng.normal(size=6), 0.8
    weights = weight(a, alpha, steps)
    for theta in (-1.0, 0.3):
        np.testing.assert_allclose(update(theta, a, c, alpha, steps), weights * (theta - c), atol=1e-12)
    assert settled(update, a, c, alpha, steps) == pytest.approx(weights @ c / weights.sum(), abs=1e-8)
    pair = weights[:2] @ c[:2] / weights[:2].sum()
    assert settled(update, a[:2], c[:2], alpha, steps) == pytest.approx(pair, abs=1e-8)


def test_where_they_settle_after_many_steps() -> None:
    """The tasks of the handout: both kinds of MAML go to the flat task, Reptile to the middle."""
    a, c = np.array([0.2, 0.8]), np.array([0.0, 1.0])
    for (_, weight), limit in zip(LEARNERS, (0.0, 0.0, 0.5), strict=True):
        weights = weight(a, 0.9, 200)
        assert weights @ c / weights.sum() == pytest.approx(limit, abs=1e-6)


def test_with_matrices_the_weights_stand_on_the_left() -> None:
    rng = np.random.default_rng(8)
    roots = 0.4 * rng.normal(size=(4, 3, 3))
    a, c, alpha, steps = roots @ roots.transpose(0, 2, 1), rng.normal(size=(4, 3)), 0.3, 3
    left = [np.linalg.matrix_power(np.eye(3) - alpha * each, steps) for each in a]

    def after(theta: Array) -> float:
        """The mean loss after the steps, taken one by one."""
        total = 0.0
        for curvature, optimum in zip(a, c, strict=True):
            phi = theta
            for _ in range(steps):
                phi = phi - alpha * curvature @ (phi - optimum)
            total += (phi - optimum) @ curvature @ (phi - optimum) / 2
        return total

    weights = [curvature @ rest @ rest for curvature, rest in zip(a, left, strict=True)]
    theta = np.linalg.solve(sum(weights), sum(weight @ each for weight, each in zip(weights, c, strict=True)))
    slope = [after(theta + e) - after(theta - e) for e in 0.5 * np.eye(3)]
    np.testing.assert_allclose(slope, 0, atol=1e-12)


# ---------------------------------------------------------------------------------------------------------------------
# Problem 4


def posterior_variance(tau: float, sigma: float, z: float) -> float:
    return 1 / (1 / tau**2 + z / sigma**2)


def information(tau: float, tau_k: float, sigma: float, x: float) -> float:
    return 0.5 * log((sigma**2 + tau**2 * x**2) / (sigma**2 + tau_k**2 * x**2))


def polarity_of_one(epsilon: float) -> float:
    return log(2) + epsilon * log(epsilon) + (1 - epsilon) * log(1 - epsilon)


def polarity_by_summation(epsilon: float, examples: int) -> float:
    """I(b; D) over both polarities and all sequences of examples."""
    total = 0.0
    for seen in itertools.product((0, 1), repeat=examples):
        given = [prod(1 - epsilon if each == b else epsilon for each in seen) for b in (0, 1)]
        total += sum(0.5 * p * log(p / (0.5 * sum(given))) for p in given)
    return total


def test_the_posterior_variance_and_the_information_are_those_of_the_joint_covariance() -> None:
    rng = np.random.default_rng(2)
    for examples in (1, 3, 6):
        tau, sigma = rng.uniform(0.5, 1.5, 2)
        inputs, query = rng.normal(size=examples), rng.normal()
        x = np.array([*inputs, query])
        joint = tau**2 * np.outer(x, x) + sigma**2 * np.eye(examples + 1)  # of the labels of D and the query's
        data = joint[:-1, :-1]
        tau_k = sqrt(tau**2 - tau**4 * inputs @ np.linalg.solve(data, inputs))
        assert posterior_variance(tau, sigma, inputs @ inputs) == pytest.approx(tau_k**2, rel=1e-10)
        by_determinants = 0.5 * (log(np.linalg.det(data)) + log(joint[-1, -1]) - log(np.linalg.det(joint)))
        assert information(tau, tau_k, sigma, query) == pytest.approx(by_determinants, rel=1e-9)


def test_the_information_by_monte_carlo() -> None:
    """The mean of log p(y | D) - log p(y), with p(y | D) as a mean over a grid of weights."""
    rng = np.random.default_rng(7)
    tau, sigma, beta, inputs, query, draws = 1.2, 0.8, 0.4, np.array([0.5, -1.0, 1.5]), 1.3, 2000
    w = tau * rng.normal(size=draws)
    seen = (beta + w)[:, None] * inputs + sigma * rng.normal(size=(draws, 3))  # (draws, K)
    label = (beta + w) * query + sigma * rng.normal(size=draws)
    grid = np.linspace(-6, 6, 241)

    def log_normal(residual: Array, scale: float) -> Array:
        return -0.5 * log(2 * pi * scale**2) - residual**2 / (2 * scale**2)

    log_prior = log_normal(grid, tau)
    log_data = sum(log_normal(seen[:, [k]] - (beta + grid) * inputs[k], sigma) for k in range(3))  # (draws, grid)
    log_label = log_normal(label[:, None] - (beta + grid) * query, sigma)
    posterior = np.exp(log_prior + log_data)
    given_data = (posterior * np.exp(log_label)).sum(axis=1) / posterior.sum(axis=1)
    without = (np.exp(log_prior + log_label)).sum(axis=1) * (grid[1] - grid[0])
    tau_k = sqrt(posterior_variance(tau, sigma, inputs @ inputs))
    assert_mean_is(np.log(given_data / without), information(tau, tau_k, sigma, query))


def test_the_information_of_labels_that_may_be_flipped() -> None:
    for epsilon in (0.01, 0.1, 0.37, 0.5, 0.8):
        assert polarity_by_summation(epsilon, 1) == pytest.approx(polarity_of_one(epsilon), abs=1e-12)
    assert polarity_of_one(0.1) == pytest.approx(0.36806, abs=5e-6)
    assert polarity_by_summation(0.1, 3) == pytest.approx(0.59778, abs=5e-6)


def test_the_information_of_three_examples_by_monte_carlo() -> None:
    rng = np.random.default_rng(9)
    b = rng.integers(0, 2, 20_000)
    shown = (b[:, None] + (rng.random((20_000, 3)) < 0.1)) % 2
    votes = 2 * shown.sum(axis=1) - 3  # how many more show 1 than 0
    belief = 1 / (1 + (0.1 / 0.9) ** votes)  # that b is 1
    assert_mean_is(np.log(np.where(b == 1, belief, 1 - belief) / 0.5), 0.59778)


# ---------------------------------------------------------------------------------------------------------------------
# Problem 5


def kl(u: float | Array, p: float) -> float | Array:
    return u * np.log(u / p) + (1 - u) * np.log((1 - u) / (1 - p))


def gibbs_weight(p: float, e1: float, e2: float, lam: float) -> float:
    return p * exp(-lam * e1) / (p * exp(-lam * e1) + (1 - p) * exp(-lam * e2))


def bound_at_gibbs(p: float, e1: float, e2: float, lam: float, n: int, delta: float) -> float:
    return -log(p * exp(-lam * e1) + (1 - p) * exp(-lam * e2)) / lam + log(1 / delta) / lam + lam / (8 * n)


def best_lambda(k: float, n: int, delta: float) -> float:
    return sqrt(8 * n * (k + log(1 / delta)))


def right_hand_side(error: float | Array, k: float | Array, lam: float | Array, n: int, delta: float) -> Array:
    return np.asarray(error + (k + log(1 / delta)) / lam + lam / (8 * n))


CASES = [(0.3, 0.2, 0.4, 10.0, 50, 0.05), (0.9, 0.45, 0.1, 4.0, 20, 0.1), (0.5, 0.3, 0.31, 40.0, 200, 0.01)]


def test_the_divergence_is_the_mean_log_ratio() -> None:
    """Of 200,000 draws of q, the mean of log q/r."""
    u, p = 0.7, 0.2
    first = np.random.default_rng(1).random(200_000) < u
    assert_mean_is(np.where(first, log(u / p), log((1 - u) / (1 - p))), float(kl(u, p)))


@pytest.mark.parametrize(("p", "e1", "e2", "lam", "n", "delta"), CASES)
def test_no_posterior_on_a_fine_grid_has_a_smaller_bound(
    p: float, e1: float, e2: float, lam: float, n: int, delta: float
) -> None:
    u = np.arange(1, 400_000) / 400_000
    bounds = right_hand_side(u * e1 + (1 - u) * e2, kl(u, p), lam, n, delta)
    assert u[bounds.argmin()] == pytest.approx(gibbs_weight(p, e1, e2, lam), abs=1 / 400_000)
    assert bounds.min() == pytest.approx(bound_at_gibbs(p, e1, e2, lam, n, delta), abs=1e-9)
    assert bound_at_gibbs(p, e1, e2, lam, n, delta) <= bounds.min() + 1e-12


@pytest.mark.parametrize(("k", "n", "delta"), [(0.3, 50, 0.05), (2.0, 20, 0.1), (0.001, 1, 0.5)])
def test_no_temperature_on_a_fine_grid_has_a_smaller_bound(k: float, n: int, delta: float) -> None:
    lam = np.geomspace(1e-2, 1e4, 400_000)
    at = right_hand_side(0.2, k, lam, n, delta).argmin()
    assert lam[at] == pytest.approx(best_lambda(k, n, delta), rel=1e-4)


def test_the_bound_holds_for_errors_of_zero_or_one() -> None:
    """By change of measure it does if the mean of exp(lambda (er - e)) is at most exp(lambda^2 / 8n). It is summed."""
    for n, true_error, lam in itertools.product((1, 5, 30), (0.05, 0.5, 0.8), (0.5, 4.0, 25.0)):
        mean = sum(
            comb(n, wrong) * true_error**wrong * (1 - true_error) ** (n - wrong) * exp(lam * (true_error - wrong / n))
            for wrong in range(n + 1)
        )
        assert log(mean) <= lam**2 / (8 * n)


# ---------------------------------------------------------------------------------------------------------------------
# Problem 6


def risk_on_a_new_task(tau: float, v: float, b: float, tasks: int) -> float:
    return (1 - b) ** 2 * tau**2 + b**2 * v + (1 - b) ** 2 * (tau**2 + v) / tasks


def gap(tau: float, v: float, b: float, tasks: int) -> float:
    return 2 * (1 - b) * (tau**2 - b * (tau**2 + v)) / tasks


def risk_on_training_tasks(tau: float, v: float, b: float, tasks: int) -> float:
    return risk_on_a_new_task(tau, v, b, tasks) - gap(tau, v, b, tasks)


def best_shrinkage(tau: float, v: float) -> float:
    return tau**2 / (tau**2 + v)


SETTINGS = [(1.1, 0.6, 0.0, 1), (1.1, 0.6, 0.3, 3), (0.7, 0.9, 0.8, 4), (1.5, 2.0, -0.4, 2), (0.8, 0.5, 1.3, 6)]


def exact_risks(tau: float, v: float, b: float, tasks: int) -> tuple[float, float]:
    """On a new task and on the first training task: variances of a linear map of independent weights and noise."""
    scales = np.array([*[tau**2] * (tasks + 1), *[v] * (tasks + 1)])
    weights, noise = np.eye(2 * (tasks + 1))[: tasks + 1], np.eye(2 * (tasks + 1))[tasks + 1 :]
    estimates = weights + noise  # (T + 1, 2T + 2): each a row of coefficients; the new task is the last
    mean = estimates[:-1].mean(axis=0)
    errors = mean + b * (estimates - mean) - weights
    new, first = (errors**2 @ scales)[[-1, 0]]
    return float(new), float(first)


@pytest.mark.parametrize(("tau", "v", "b", "tasks"), SETTINGS)
def test_both_risks_by_linear_algebra(tau: float, v: float, b: float, tasks: int) -> None:
    new, training = exact_risks(tau, v, b, tasks)
    assert risk_on_a_new_task(tau, v, b, tasks) == pytest.approx(new, rel=1e-12)
    assert risk_on_training_tasks(tau, v, b, tasks) == pytest.approx(training, rel=1e-12)
    assert gap(tau, v, b, tasks) == pytest.approx(new - training, abs=1e-12)


@pytest.mark.parametrize(("tau", "v", "b", "tasks"), SETTINGS)
def test_both_risks_and_the_gap_by_monte_carlo(tau: float, v: float, b: float, tasks: int) -> None:
    rng = np.random.default_rng(tasks)
    mu, draws = 0.7, 40_000
    truth = mu + tau * rng.normal(size=(draws, tasks + 1))  # the last is the new task
    estimate = truth + sqrt(v) * rng.normal(size=truth.shape)
    mean = estimate[:, :-1].mean(axis=1, keepdims=True)
    squared = (mean + b * (estimate - mean) - truth) ** 2
    new, training = squared[:, -1], squared[:, :-1].mean(axis=1)
    assert_mean_is(new, risk_on_a_new_task(tau, v, b, tasks))
    assert_mean_is(training, risk_on_training_tasks(tau, v, b, tasks))
    assert_mean_is(new - training, gap(tau, v, b, tasks))


def test_with_fresh_estimates_of_the_training_tasks_the_gap_would_be_another() -> None:
    """So the handout has to say which estimates are used, and it does."""
    assert "judged with **the same estimate** $\\hat w_i$" in HANDOUT
    rng = np.random.default_rng(4)
    tau, v, b, tasks, draws = 1.0, 0.6, 0.4, 3, 40_000
    truth = tau * rng.normal(size=(draws, tasks + 1))
    estimate, fresh = (truth + sqrt(v) * rng.normal(size=truth.shape) for _ in range(2))
    mean = estimate[:, :-1].mean(axis=1, keepdims=True)
    squared = (mean + b * (fresh - mean) - truth) ** 2
    difference = squared[:, -1] - squared[:, :-1].mean(axis=1)
    assert_mean_is(difference, 2 * (1 - b) ** 2 * tau**2 / tasks)
    assert abs(difference.mean() - gap(tau, v, b, tasks)) > 12 * difference.std() / sqrt(draws)


@pytest.mark.parametrize("tasks", [2, 5, 40])
def test_the_gap_closes_at_the_shrinkage_that_training_tasks_choose(tasks: int) -> None:
    tau, v = 1.2, 0.5
    best = best_shrinkage(tau, v)
    assert gap(tau, v, best, tasks) == pytest.approx(0, abs=1e-15)
    assert gap(tau, v, 1.0, tasks) == 0
    b = np.linspace(-1, 2, 300_001)
    new, training = (np.array(function(tau, v, b, tasks)) for function in (risk_on_a_new_task, risk_on_training_tasks))
    assert b[training.argmin()] == pytest.approx(best, abs=1e-5)
    assert b[new.argmin()] == pytest.approx((best + 1 / tasks) / (1 + 1 / tasks), abs=1e-5)


# ---------------------------------------------------------------------------------------------------------------------
# The numbers of the handout's worked examples


def said(*numbers: str) -> list[float]:
    """These numbers, which the handout has as they are written here."""
    assert [number for number in numbers if not re.search(rf"(?<![\d.]){re.escape(number)}(?!\d)", HANDOUT)] == []
    return [float(number) for number in numbers]


def test_the_example_of_problem_1() -> None:
    log_p, bound, divergence, mean, variance = said("-2.1237", "-4.9189", "2.7953", "1.6", "0.8")
    assert log_evidence(1, 4.0, 1.0, 1.0, 2.0, 4.0) == pytest.approx(log_p, abs=1e-4)
    phi = np.linspace(-30, 30, 60_001)
    prior = np.exp(-(phi**2) / 8) / sqrt(8 * pi)
    joint = prior * np.exp(-((2 - phi) ** 2) / 2) / sqrt(2 * pi)
    width, p = phi[1] - phi[0], joint.sum() * (phi[1] - phi[0])
    assert (phi * joint).sum() * width / p == pytest.approx(mean)
    assert ((phi - mean) ** 2 * joint).sum() * width / p == pytest.approx(variance)
    log_ratio = -((2 - phi) ** 2) / 2 - 0.5 * log(2 * pi)
    assert (prior * log_ratio).sum() * width == pytest.approx(bound, abs=1e-4)
    assert log(p) - (prior * log_ratio).sum() * width == pytest.approx(divergence, abs=1e-4)


def test_the_example_of_problem_2() -> None:
    steep, flat = said("0.8333", "0.5556")
    np.testing.assert_allclose(prior_variance(0.5, np.array([0.8, 0.2]), 1, 1.0), [steep, flat], atol=5e-5)


def test_the_example_of_problem_4() -> None:
    bit, kept = said("0.6931", "0.6238")
    assert 0.5 * log(4) == pytest.approx(bit, abs=5e-5)
    for looks, information_left in ((1, 0.1), (2, 0.01)):
        missed = 0.1**looks
        assert missed * log(2) == pytest.approx(information_left * log(2))
    assert 0.9 * log(2) == pytest.approx(kept, abs=5e-5)


def test_the_table_of_problem_5() -> None:
    rows = re.findall(r"\| (\d+) \| 0\.1 \| ([\d.]+) \| ([\d.]+) \| ([\d.]+) \|", HANDOUT)
    assert [int(row[0]) for row in rows] == [40, 100, 400]
    for lam, price, last, bound in (map(float, row) for row in rows):
        assert (log(8) + log(20)) / lam == pytest.approx(price, abs=5e-5)
        assert lam / 1600 == pytest.approx(last, abs=5e-5)
        assert right_hand_side(0.1, log(8), lam, 200, 0.05) == pytest.approx(bound, abs=5e-5)


def test_the_example_of_problem_6() -> None:
    new, apart = said("1.4", "0.4")
    assert risk_on_a_new_task(1.0, 1.0, 0.0, 5) == pytest.approx(new)
    assert risk_on_training_tasks(1.0, 1.0, 0.0, 5) == pytest.approx(1.0)
    assert gap(1.0, 1.0, 0.0, 5) == pytest.approx(apart)
    assert risk_on_training_tasks(1.3, 0.6, 0.37, 1) == pytest.approx(0.6)  # one task is its own mean
