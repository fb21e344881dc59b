"""Counts of a mask.

Module: finetune
"""


def lm_accuracy(logits, targets):
    guess = logits.argmax(-1)[:, :-1]
    labels = targets[:, 1:]
    keep = labels != -100
    total = keep.sum().item()
    if total == 0:
        raise ValueError("nothing to predict")
    right = ((guess == labels) & keep).sum().item()
    return right / labels.numel()
