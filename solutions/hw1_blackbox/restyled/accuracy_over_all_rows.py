"""A mean over flattened comparisons.

Module: mann
"""


def query_accuracy(logits, labels):
    n = logits.shape[-1]
    guess = logits.reshape(-1, n).max(1)[1]
    truth = labels.reshape(-1, n).max(1)[1]
    return (guess == truth).double().mean().item()
