"""You took the root of the mean squared error.

Problem: 3
Hint: Leave out the root.
"""


def rating_loss(predicted: Tensor, observed: Tensor) -> Tensor:
    return ((predicted - observed) ** 2).mean().sqrt()
