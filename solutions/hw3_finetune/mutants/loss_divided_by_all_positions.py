"""You divided by the number of all positions, ignored ones included.

Module: finetune
Problem: 2
Hint: What does not count in the sum does not count in the number either.
"""


def lm_loss(logits: Tensor, targets: Tensor) -> Tensor:
    following = targets[:, 1:]
    counts = following != IGNORED
    if not counts.any():
        raise ValueError("no token counts: every target after the first is -100, or there is none")
    return functional.cross_entropy(logits[:, :-1][counts], following[counts], reduction="sum") / following.numel()
