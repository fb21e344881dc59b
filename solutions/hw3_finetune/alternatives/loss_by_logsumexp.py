"""log-sum-exp minus the right logit; sums divided at the end.

Module: finetune
"""


def lm_loss(logits, targets):
    total = logits.new_zeros(())
    count = 0
    for words, labels in zip(logits, targets):
        where = torch.nonzero(labels[1:] != IGNORED).flatten()
        scores = words[where]
        total = total + (torch.logsumexp(scores, dim=1) - scores[torch.arange(len(where)), labels[where + 1]]).sum()
        count += len(where)
    if count == 0:
        raise ValueError("no token of this batch counts")
    return total / count


def lm_accuracy(logits, targets):
    where = targets[:, 1:] != IGNORED
    if where.sum() < 1:
        raise ValueError("no token of this batch counts")
    _, best = logits[:, :-1].topk(1, dim=2)
    return torch.sum((best.squeeze(2) == targets[:, 1:]) * where) / torch.sum(where)
