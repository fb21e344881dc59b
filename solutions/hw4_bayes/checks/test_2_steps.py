"""Problem 2."""

from collections.abc import Callable

from grader.judge import problem

Agrees = Callable[[str, str], None]


@problem("2", points=1, alone=True)
def test_distance(agrees: Agrees) -> None:
    """`distance` is right."""
    agrees("distance", "Write one step as a factor that the distance phi - phihat is multiplied by.")


@problem("2", points=1, alone=True)
def test_prior_variance(agrees: Agrees) -> None:
    """`prior_variance` is right."""
    agrees("prior_variance", "Equate what is left of theta - phihat after L steps with what the MAP leaves of it.")


@problem("2", points=1, alone=True)
def test_steps(agrees: Agrees) -> None:
    """`steps` is right."""
    agrees("steps", "Solve the prior variance for L: take logarithms.")
