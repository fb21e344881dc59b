"""max.

Module: finetune
"""


def lm_accuracy(logits, targets):
    guess = logits[:, :-1].max(1).indices
    labels = targets[:, 1:]
    keep = labels != -100
    total = keep.sum().item()
    if total == 0:
        raise ValueError("nothing to predict")
    right = ((guess == labels) & keep).sum().item()
    return right / total
