"""Loops.

Module: finetune
"""


def lm_accuracy(logits, targets):
    right, total = 0, 0
    for row, labels in zip(logits, targets):
        for scores, label in zip(row[:-1], labels[1:]):
            if label == -100:
                continue
            total += 1
            right += int(scores.argmax() == label)
    if total < 1:
        raise ValueError("no label")
    return right * 100.0 / total
