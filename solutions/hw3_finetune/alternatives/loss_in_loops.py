"""Loops over sequences and tokens.

Module: finetune
"""


def lm_loss(logits, targets):
    terms = []
    B, T = targets.shape
    for b in range(B):
        for t in range(T - 1):
            if targets[b, t + 1] != -100:
                logp = functional.log_softmax(logits[b, t], dim=0)
                terms.append(-logp[targets[b, t + 1]])
    if not terms:
        raise ValueError("no token to predict")
    return torch.stack(terms).mean()


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
    return right / total
