"""You compare with 0, 1, ..., N-1, as if the query were in class order.

Module: mann
Problem: 5
Hint: The right class of an image is in its label.
"""


def query_accuracy(logits: Tensor, labels: Tensor) -> float:
    right = logits[:, -1].argmax(dim=-1) == torch.arange(logits.shape[-1])
    return right.float().mean().item()
