"""Problem 4."""

from collections.abc import Callable

from grader.judge import problem

Agrees = Callable[[str, str], None]


@problem("4", points=1, alone=True)
def test_posterior_variance(agrees: Agrees) -> None:
    """`posterior_variance` is right."""
    agrees("posterior_variance", "Precisions add: one from the prior, one from each example.")


@problem("4", points=1, alone=True)
def test_information(agrees: Agrees) -> None:
    """`information` is right."""
    agrees("information", "Half the logarithm of a ratio of two predictive variances: before and after the examples.")


@problem("4", points=1, alone=True)
def test_polarity_1(agrees: Agrees) -> None:
    """`polarity_1` is right."""
    agrees("polarity_1", "The entropy of b, less the entropy of b given the label that was seen.")


@problem("4", points=1, alone=True)
def test_polarity_3(agrees: Agrees) -> None:
    """`polarity_3` is right."""
    agrees("polarity_3", "Sum over how many of the three labels were flipped, in nats.")
