"""Your softmax runs over the positions; it belongs to the words of the vocabulary.

Module: finetune
Problem: 2
Hint: At each position the probabilities of all V tokens add up to 1: the last axis.
"""


def lm_loss(logits: Tensor, targets: Tensor) -> Tensor:
    following = targets[:, 1:]
    counts = following != IGNORED
    if not counts.any():
        raise ValueError("no token counts: every target after the first is -100, or there is none")
    log_probabilities = functional.log_softmax(logits[:, :-1], dim=1)
    return functional.nll_loss(log_probabilities[counts], following[counts])
