"""You counted the support rows, too.

Module: mann
Problem: 5
Hint: Only the last row is judged.
"""


def query_accuracy(logits: Tensor, labels: Tensor) -> float:
    right = logits.argmax(dim=-1) == labels.argmax(dim=-1)
    return right.float().mean().item()
