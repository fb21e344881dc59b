"""The reference's 25 answers of HW4: read, shown, read again, and compared with Python's own arithmetic."""

import runpy
from collections.abc import Callable
from fractions import Fraction
from math import comb, exp, log, pi, sqrt
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

ANSWERS = Path(__file__).resolve().parents[2] / "solutions" / "hw4_bayes" / "answers.py"


def log_evidence(s: Any) -> float:
    fit = s.N * log(2 * pi * s.sigma**2) + log(1 + s.S * s.a / s.sigma**2) + s.R / s.sigma**2
    return -(fit - s.S * s.g**2 / s.sigma**2 / (s.sigma**2 + s.S * s.a)) / 2


def theta_star(s: Any) -> float:
    first, second = s.A1 * (1 - s.alpha * s.A1) ** (2 * s.L), s.A2 * (1 - s.alpha * s.A2) ** (2 * s.L)
    return (first * s.c1 + second * s.c2) / (first + second)


def bound(s: Any) -> float:
    mixed = s.p * exp(-s.lam * s.e1) + (1 - s.p) * exp(-s.lam * s.e2)
    return (-log(mixed) + log(1 / s.delta)) / s.lam + s.lam / 8 / s.n


def polarity(labels: int, flipped: float) -> float:
    """What labels tell of a polarity, by Bayes' rule for each number of labels that agree with it."""
    told = log(2)
    for agree in range(labels + 1):
        right = (1 - flipped) ** agree * flipped ** (labels - agree)
        wrong = flipped**agree * (1 - flipped) ** (labels - agree)
        belief = right / (right + wrong)
        told += comb(labels, agree) * right * log(belief)
    return told


def gap(s: Any) -> float:
    return 2 * (1 - s.b) * (s.tau**2 - s.b * (s.tau**2 + s.v)) / s.T


def risk(s: Any) -> float:
    return (1 - s.b) ** 2 * (s.tau**2 + (s.tau**2 + s.v) / s.T) + s.b**2 * s.v


IN_PYTHON: dict[str, Callable[[Any], float]] = {
    "log_evidence": log_evidence,
    "A_star": lambda s: s.s1**2 / s.S,
    "B_star": lambda s: -s.w * s.s1**2 / s.S,
    "u_star": lambda s: s.s1**2 * s.s2**2 / s.S,
    "v_star": lambda s: 1 / (1 / s.S + s.a / s.sigma**2),
    "mu_star": lambda s: (s.w * s.m / s.S + s.c / s.sigma**2) / (1 / s.S + s.a / s.sigma**2),
    "distance": lambda s: (1 - s.alpha * s.h) ** s.L * (s.theta - s.phihat),
    "prior_variance": lambda s: s.sigma**2 / s.h * (1 / (1 - s.alpha * s.h) ** s.L - 1),
    "steps": lambda s: -log(1 + s.q * s.h / s.sigma**2) / log(1 - s.alpha * s.h),
    "W_maml": lambda s: s.A * (1 - s.alpha * s.A) ** (2 * s.L),
    "W_first_order": lambda s: s.A * (1 - s.alpha * s.A) ** s.L,
    "W_reptile": lambda s: 1 - (1 - s.alpha * s.A) ** s.L,
    "theta_star": theta_star,
    "posterior_variance": lambda s: 1 / (1 / s.tau**2 + s.z / s.sigma**2),
    "information": lambda s: log((s.sigma**2 + s.tau**2 * s.x**2) / (s.sigma**2 + s.tauK**2 * s.x**2)) / 2,
    "polarity_1": lambda s: polarity(1, s.epsilon),
    "polarity_3": lambda s: polarity(3, 0.1),
    "kl": lambda s: s.u * log(s.u / s.p) + (1 - s.u) * log((1 - s.u) / (1 - s.p)),
    "gibbs_weight": lambda s: 1 / (1 + (1 - s.p) / s.p * exp(s.lam * (s.e1 - s.e2))),
    "bound_at_gibbs": bound,
    "best_lambda": lambda s: sqrt(8 * s.n * (s.K - log(s.delta))),
    "R_test": risk,
    "R_train": lambda s: risk(s) - gap(s),
    "gap": gap,
    "b_star": lambda s: s.tau**2 / (s.tau**2 + s.v),
}


@pytest.fixture(scope="module")
def references() -> dict[str, str]:
    functions = runpy.run_path(str(ANSWERS))
    return {name: functions[name]() for name in IN_PYTHON}


def test_every_answer_is_here(declared_answers: dict[str, Any]) -> None:
    assert list(declared_answers) == list(IN_PYTHON)


@pytest.mark.parametrize("name", IN_PYTHON)
def test_a_reference(
    name: str,
    declared_answers: dict[str, Any],
    references: dict[str, str],
    point_of: Callable[[Any], dict[str, Fraction]],
) -> None:
    from computing import value
    from reading import read
    from showing import latex, plain

    answer = declared_answers[name]
    reading = read(references[name], answer)
    point = point_of(answer)
    found = value(reading.tree, answer, point)
    symbols = SimpleNamespace(**{"lam" if key == "lambda" else key: float(x) for key, x in point.items()})
    if "s1" in point and "s2" in point:
        symbols.S = symbols.s1**2 + symbols.s2**2
    digits = 9 if answer.decimals is None else answer.decimals
    assert found == pytest.approx(IN_PYTHON[name](symbols), rel=10**-digits)
    assert reading.notes == ()
    for shown in (latex(reading.tree, answer), plain(reading.tree, answer)):
        again = read(shown, answer)
        assert value(again.tree, answer, point) == found
        assert again.notes == ()  # what is shown leaves no doubt


def test_how_two_of_them_are_shown(declared_answers: dict[str, Any], references: dict[str, str]) -> None:
    from reading import read
    from showing import latex, plain

    first, gibbs = declared_answers["u_star"], declared_answers["gibbs_weight"]
    assert plain(read(references["u_star"], first).tree, first) == "s1^2*s2^2/S"
    assert latex(read(references["u_star"], first).tree, first) == r"\frac{s_1^{2} s_2^{2}}{S}"
    assert plain(read(references["gibbs_weight"], gibbs).tree, gibbs) == (
        "p*e^(-lambda*e1)/(p*e^(-lambda*e1) + (1 - p)*e^(-lambda*e2))"
    )
    assert latex(read(references["gibbs_weight"], gibbs).tree, gibbs) == (
        r"\frac{p e^{-\lambda e_1}}{p e^{-\lambda e_1} + \left(1 - p\right) e^{-\lambda e_2}}"
    )
