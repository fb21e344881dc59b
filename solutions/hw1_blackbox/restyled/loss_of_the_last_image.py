"""Flattens each episode and takes its end.

Module: mann
"""

import torch.nn.functional as F


def query_loss(logits, labels):
    last, truth = logits.flatten(1, 2)[:, -1], labels.flatten(1, 2)[:, -1]
    return F.cross_entropy(last, truth.argmax(1))
