"""You divided the sum by the number of sequences, not by that of the tokens that count.

Module: finetune
Problem: 2
Hint: The mean is over tokens: longer sequences do not have larger losses.
"""


def lm_loss(logits: Tensor, targets: Tensor) -> Tensor:
    following = targets[:, 1:]
    counts = following != IGNORED
    if not counts.any():
        raise ValueError("no token counts: every target after the first is -100, or there is none")
    return functional.cross_entropy(logits[:, :-1][counts], following[counts], reduction="sum") / len(targets)
