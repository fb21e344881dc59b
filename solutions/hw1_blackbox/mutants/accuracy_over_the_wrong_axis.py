"""Your argmax runs over the images of the query, not over the classes.

Module: mann
Problem: 5
Hint: The class is the last axis.
"""


def query_accuracy(logits: Tensor, labels: Tensor) -> float:
    right = logits[:, -1].argmax(dim=1) == labels[:, -1].argmax(dim=1)
    return right.float().mean().item()
