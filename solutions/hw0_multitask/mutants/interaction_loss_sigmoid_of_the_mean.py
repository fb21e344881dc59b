"""You averaged the differences before the sigmoid.

Problem: 3
Hint: First 1 - sigmoid for each row, then the mean.
"""


def interaction_loss(positive: Tensor, negative: Tensor) -> Tensor:
    return 1 - torch.sigmoid((positive - negative).mean())
