"""Cross-entropy from the library, with one-hot vectors as probabilities.

Module: mann
"""

import torch.nn.functional as F


def query_loss(logits, labels):
    return F.cross_entropy(logits[:, -1, :, :].flatten(end_dim=1), labels[:, -1, :, :].flatten(end_dim=1))
