"""Counts the largest entries on the diagonal.

Module: mann
"""


def query_accuracy(logits, labels):
    hits, count = 0, 0
    for episode in logits:
        for n, scores in enumerate(episode[-1]):
            hits += int(torch.argmax(scores)) == n
            count += 1
    return hits / count
