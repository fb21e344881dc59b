"""You added the terms up; the loss is their mean.

Module: finetune
Problem: 2
Hint: Otherwise a longer batch has a larger loss and takes larger steps.
"""


def lm_loss(logits: Tensor, targets: Tensor) -> Tensor:
    following = targets[:, 1:]
    counts = following != IGNORED
    if not counts.any():
        raise ValueError("no token counts: every target after the first is -100, or there is none")
    return functional.cross_entropy(logits[:, :-1][counts], following[counts], reduction="sum")
