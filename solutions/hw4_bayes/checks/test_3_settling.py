"""Problem 3."""

from collections.abc import Callable

from grader.judge import problem

Agrees = Callable[[str, str], None]


@problem("3", points=1, alone=True)
def test_W_maml(agrees: Agrees) -> None:
    """`W_maml` is right."""
    agrees("W_maml", "The outer gradient goes through the inner steps, and meets their factor a second time.")


@problem("3", points=1, alone=True)
def test_W_first_order(agrees: Agrees) -> None:
    """`W_first_order` is right."""
    agrees("W_first_order", "First-order MAML takes the gradient at the adapted parameters as it is.")


@problem("3", points=1, alone=True)
def test_W_reptile(agrees: Agrees) -> None:
    """`W_reptile` is right."""
    agrees("W_reptile", "Reptile moves towards the adapted parameters: by theta minus phi_L.")


@problem("3", points=1, alone=True)
def test_theta_star(agrees: Agrees) -> None:
    """`theta_star` is right."""
    agrees("theta_star", "The mean outer gradient is zero there: a weighted mean of the optima.")
