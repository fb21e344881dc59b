"""Public checks."""

import numpy as np

from grader.judge import Ask, problem


@problem("1", visibility="public")
def test_public_twice(ask: Ask) -> None:
    """Twice a small vector."""
    ask("twice", x=np.array([1.0, 2.0])).same_as_reference()
