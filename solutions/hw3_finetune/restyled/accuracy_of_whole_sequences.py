"""Row by row.

Module: finetune
"""


def lm_accuracy(logits, targets):
    guess = logits.argmax(-1)[:, :-1]
    labels = targets[:, 1:]
    keep = labels != -100
    total = keep.sum().item()
    if total == 0:
        raise ValueError("nothing to predict")
    exact = [bool((g[k] == y[k]).all()) for g, y, k in zip(guess, labels, keep)]
    return sum(exact) / len(exact)
