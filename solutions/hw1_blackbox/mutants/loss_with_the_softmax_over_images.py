"""Your softmax runs over the images of the query, not over the classes.

Module: mann
Problem: 4
Hint: The class is the last axis. F.cross_entropy expects it on axis 1.
"""


def query_loss(logits: Tensor, labels: Tensor) -> Tensor:
    log_probabilities = torch.log_softmax(logits[:, -1], dim=1)
    return -(labels[:, -1] * log_probabilities).sum(dim=-1).mean()
