"""If no token counts, your loss is no number; it should be a ValueError.

Module: finetune
Problem: 2
Hint: A mean of nothing is NaN, and one NaN spoils all parameters.
"""


def lm_loss(logits: Tensor, targets: Tensor) -> Tensor:
    following = targets[:, 1:]
    counts = following != IGNORED
    return functional.cross_entropy(logits[:, :-1][counts], following[counts])
