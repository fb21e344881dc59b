"""Problem 6."""

from collections.abc import Callable

from grader.judge import problem

Agrees = Callable[[str, str], None]


@problem("6", points=1, alone=True)
def test_R_test(agrees: Agrees) -> None:
    """`R_test` is right."""
    agrees(
        "R_test", "Write the error as three independent parts: the task's weight, its noise, and the noise of the mean."
    )


@problem("6", points=1, alone=True)
def test_R_train(agrees: Agrees) -> None:
    """`R_train` is right."""
    agrees("R_train", "Of a training task, muhat holds the task's own estimate, with the share 1/T.")


@problem("6", points=1, alone=True)
def test_gap(agrees: Agrees) -> None:
    """`gap` is right."""
    agrees("gap", "Only what the task's own share in muhat correlates with is left of the difference.")


@problem("6", points=1, alone=True)
def test_b_star(agrees: Agrees) -> None:
    """`b_star` is right."""
    agrees("b_star", "Set the gap to zero, and leave out b = 1.")
