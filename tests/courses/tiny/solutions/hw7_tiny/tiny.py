"""A tiny homework."""

from torch import Tensor


def twice(x: Tensor) -> Tensor:
    """Problem 1. Twice x, same shape."""
    ### BEGIN SOLUTION
    return 2 * x
    ### END SOLUTION


def mean(x: Tensor) -> Tensor:
    """Problem 2. The mean of twice x. Raises ValueError if x is empty."""
    ### BEGIN SOLUTION
    if x.numel() == 0:
        raise ValueError("x is empty")
    return twice(x).mean()
    ### END SOLUTION
