"""Problem 5."""

from collections.abc import Callable

from grader.judge import problem

Agrees = Callable[[str, str], None]


@problem("5", points=1, alone=True)
def test_kl(agrees: Agrees) -> None:
    """`kl` is right."""
    agrees("kl", "KL(q || r) is the mean under q of log q - log r.")


@problem("5", points=1, alone=True)
def test_gibbs_weight(agrees: Agrees) -> None:
    """`gibbs_weight` is right."""
    agrees("gibbs_weight", "The best q is r, weighted by exp(-lambda times the empirical error), and normalised.")


@problem("5", points=1, alone=True)
def test_bound_at_gibbs(agrees: Agrees) -> None:
    """`bound_at_gibbs` is right."""
    agrees("bound_at_gibbs", "Put the best q into empirical error plus KL over lambda, and keep the terms without q.")


@problem("5", points=1, alone=True)
def test_best_lambda(agrees: Agrees) -> None:
    """`best_lambda` is right."""
    agrees("best_lambda", "Set the derivative of the terms with lambda to zero.")
