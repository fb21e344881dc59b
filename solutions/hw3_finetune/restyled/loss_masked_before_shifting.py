"""Keeps what has a label.

Module: finetune
"""


def lm_loss(logits, targets):
    if targets.shape[1] < 2 or (targets[:, 1:] == -100).all():
        raise ValueError("no labels")
    keep = targets.reshape(-1) != -100
    words = logits.reshape(-1, logits.shape[-1])[keep]
    labels = targets.reshape(-1)[keep]
    return functional.nll_loss(functional.log_softmax(words[:-1], dim=1), labels[1:])
