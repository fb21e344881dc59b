"""Hidden checks."""

from fractions import Fraction

import numpy as np

from grader.judge import Ask, Credit, close, problem


@problem("2", points="3/2", needs="1")
def test_mean(ask: Ask) -> None:
    """The mean of twice the input."""
    answer = ask("mean", x=ask.rng.normal(size=7)).same_as_reference(atol=1e-9)
    close(answer.value, answer.reference, atol=1e-9, what="the mean")


@problem("2", points=1)
def test_mean_of_nothing(ask: Ask) -> None:
    """The mean of nothing is a ValueError."""
    ask.raises("ValueError", "mean", x=np.zeros(0), hint="What is the mean of no numbers?")


@problem("1", points=2)
def test_twice(ask: Ask) -> None:
    """Twice the input, in its shape."""
    ask("twice", x=ask.rng.normal(size=(3, 2))).same_as_reference(hint="Keep the shape.")


@problem("1", points=1, visibility="after_due")
def test_twice_a_number(ask: Ask, credit: Credit) -> None:
    """Twice a number; half the points for the number itself."""
    answer = ask("twice", x=np.array(ask.rng.normal()))
    if abs(float(answer.value) - answer.reference / 2) < 1e-12:
        credit(Fraction(1, 2), "This is the number itself, not twice it.")
    answer.same_as_reference()
