"""You took out the ignored tokens first and shifted then: neighbours are other tokens then.

Module: finetune
Problem: 2
Hint: Shift first, within each sequence, and leave out ignored targets after that.
"""


def lm_loss(logits: Tensor, targets: Tensor) -> Tensor:
    following = targets[:, 1:]
    counts = following != IGNORED
    if not counts.any():
        raise ValueError("no token counts: every target after the first is -100, or there is none")
    return functional.cross_entropy(logits[targets != IGNORED][:-1], targets[targets != IGNORED][1:])
