"""argmax, then a boolean index.

Module: finetune
"""


def lm_accuracy(logits, targets):
    labels = targets[:, 1:].flatten()
    guesses = logits[:, :-1].argmax(-1).flatten()
    return (guesses == labels)[labels != -100].float().mean()
