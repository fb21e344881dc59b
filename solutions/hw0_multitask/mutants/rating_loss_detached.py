"""You cut the gradient through the predicted rating.

Problem: 3
Hint: Subtract the tensors themselves; .detach() and .data stop learning.
"""


def rating_loss(predicted: Tensor, observed: Tensor) -> Tensor:
    return ((predicted.detach() - observed) ** 2).mean()
