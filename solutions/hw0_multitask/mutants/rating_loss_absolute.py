"""You took the absolute error.

Problem: 3
Hint: Square the difference.
"""


def rating_loss(predicted: Tensor, observed: Tensor) -> Tensor:
    return (predicted - observed).abs().mean()
