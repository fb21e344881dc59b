"""You summed the squared errors over the batch.

Problem: 3
Hint: The mean squared error divides by B.
"""


def rating_loss(predicted: Tensor, observed: Tensor) -> Tensor:
    return ((predicted - observed) ** 2).sum()
