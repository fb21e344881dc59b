"""Whose problem a line of a reference is."""

import pytest

from grader.proof.owners import owners

SOURCE = '''\
import math


def shared(x):
    return 2 * x


def between(x):
    return shared(x)


class Net:
    """Problem 4. Two layers."""

    def forward(self, x):
        return between(x)

    def loss(self, x):
        """Problem 5. The loss."""
        return x


def alone(x):
    """Problem 1. It."""
    return shared(x)
'''


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("import math", ""),
        ("return between(x)", "4"),  # the method names none, its class does
        ("return x", "5"),
        ("return 2 * x", "145"),  # by way of another function
        ("return shared(x)", "45"),  # the first of these lines
    ],
)
def test_a_line_is_of_the_problem_around_it_or_of_all_that_use_it(text: str, problems: str) -> None:
    lines = [line.strip() for line in SOURCE.splitlines()]
    assert owners(SOURCE, lines.index(text) + 1) == frozenset(problems)
