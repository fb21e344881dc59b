"""You put each score through a sigmoid of its own.

Problem: 3
Hint: One sigmoid, of the difference p+ - p-.
"""


def interaction_loss(positive: Tensor, negative: Tensor) -> Tensor:
    return (1 - (torch.sigmoid(positive) - torch.sigmoid(negative))).mean()
