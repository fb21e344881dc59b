"""One episode and one image after the other.

Module: mann
"""


def query_loss(logits, labels):
    total, count = 0, 0
    for episode, truth in zip(logits, labels):
        for scores, label in zip(episode[-1], truth[-1]):
            right = scores[label.bool()].squeeze()
            total = total + torch.logsumexp(scores, 0) - right
            count += 1
    return total / count
