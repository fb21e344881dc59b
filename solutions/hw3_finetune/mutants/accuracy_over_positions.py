"""Your argmax runs over the positions, not over the vocabulary.

Module: finetune
Problem: 2
Hint: At each position one of V tokens is the largest: the last axis.
"""


def lm_accuracy(logits: Tensor, targets: Tensor) -> float | Tensor:
    following = targets[:, 1:]
    counts = following != IGNORED
    if not counts.any():
        raise ValueError("no token counts: every target after the first is -100, or there is none")
    return (logits[:, :-1].argmax(dim=1)[counts] == following[counts]).double().mean().item()
