"""Looks up the label's entry at each largest logit.

Module: mann
"""


def query_accuracy(logits, labels):
    best = logits[:, -1].max(dim=-1, keepdim=True).indices
    hits = labels[:, -1].gather(-1, best)
    return hits.sum().item() / hits.numel()
