"""You returned percent; the accuracy is a share from 0 to 1.

Module: finetune
Problem: 2
Hint: Multiply by 100 where you print it.
"""


def lm_accuracy(logits: Tensor, targets: Tensor) -> float | Tensor:
    following = targets[:, 1:]
    counts = following != IGNORED
    if not counts.any():
        raise ValueError("no token counts: every target after the first is -100, or there is none")
    return 100 * (logits[:, :-1][counts].argmax(dim=1) == following[counts]).double().mean().item()
