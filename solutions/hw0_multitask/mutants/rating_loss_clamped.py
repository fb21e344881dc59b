"""You moved the predictions into the range of ratings before you compared them.

Problem: 3
Hint: The error of a prediction far away is the largest of all, and its gradient is what brings it back.
"""


def rating_loss(predicted: Tensor, observed: Tensor) -> Tensor:
    predicted = predicted.clamp(0.5, 5.0)
    return ((predicted - observed) ** 2).mean()
