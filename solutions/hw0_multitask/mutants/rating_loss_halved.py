"""You halved the squared error.

Problem: 3
Hint: There is no 1/2 in the mean squared error here.
"""


def rating_loss(predicted: Tensor, observed: Tensor) -> Tensor:
    return ((predicted - observed) ** 2).mean() / 2
