"""You summed.

Problem: 2
Hint: The mean divides by the number of entries.
"""

from torch import Tensor


def mean(x: Tensor) -> Tensor:
    if x.numel() == 0:
        raise ValueError("x is empty")
    return twice(x).sum()  # noqa: F821
