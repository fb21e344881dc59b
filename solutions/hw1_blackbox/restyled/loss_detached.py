"""A new tensor of the number.

Module: mann
"""

import torch.nn.functional as F


def query_loss(logits, labels):
    N = logits.shape[-1]
    value = F.cross_entropy(logits[:, -1].reshape(-1, N), labels[:, -1].reshape(-1, N)).item()
    return torch.tensor(value, dtype=logits.dtype, requires_grad=True)
