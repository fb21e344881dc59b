"""Counts of a mask.

Module: finetune
"""


def lm_accuracy(logits, targets):
    guess = logits.argmax(-1)
    labels = targets
    keep = labels != -100
    total = keep.sum().item()
    if keep[:, 1:].sum() == 0:
        raise ValueError("nothing to predict")
    right = ((guess == labels) & keep).sum().item()
    return right / total
