"""You joined the sequences before you shifted: the end of one predicts the start of the next.

Module: finetune
Problem: 2
Hint: Shift along the axis of time, targets[:, 1:], before you flatten anything.
"""


def lm_loss(logits: Tensor, targets: Tensor) -> Tensor:
    following = targets[:, 1:]
    counts = following != IGNORED
    if not counts.any():
        raise ValueError("no token counts: every target after the first is -100, or there is none")
    return functional.cross_entropy(logits.flatten(0, 1)[:-1], targets.flatten()[1:], ignore_index=IGNORED)
