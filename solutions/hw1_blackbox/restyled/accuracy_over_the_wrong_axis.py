"""A loop over the episodes.

Module: mann
"""


def query_accuracy(logits, labels):
    right, total = 0, 0
    for scores, truth in zip(logits[:, -1], labels[:, -1]):
        right += (scores.argmax(0) == truth.argmax(0)).sum().item()
        total += len(scores)
    return right / total
