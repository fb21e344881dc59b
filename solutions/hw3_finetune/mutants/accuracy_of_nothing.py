"""If no token counts, your accuracy is no number; it should be a ValueError.

Module: finetune
Problem: 2
Hint: Ask first whether any token counts, as in the loss.
"""


def lm_accuracy(logits: Tensor, targets: Tensor) -> float | Tensor:
    following = targets[:, 1:]
    counts = following != IGNORED
    return (logits[:, :-1][counts].argmax(dim=1) == following[counts]).double().mean().item()
