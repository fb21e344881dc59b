"""Your loss is the wrong way round: it is sigmoid(p+ - p-) itself, so that training ranks the rated items last.

Problem: 3
Hint: A rated item far above the other one must have a loss near 0: is `1 -` there, and is it p+ minus p-?
"""


def interaction_loss(positive: Tensor, negative: Tensor) -> Tensor:
    return (1 - torch.sigmoid(negative - positive)).mean()
