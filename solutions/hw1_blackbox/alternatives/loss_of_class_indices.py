"""Cross-entropy from the library, with class indices and all images in one list.

Module: mann
"""

import torch.nn.functional as F


def query_loss(logits, labels):
    n_way = logits.size(-1)
    scores = logits[:, -1].reshape(-1, n_way)
    targets = labels[:, -1].reshape(-1, n_way).argmax(1)
    return F.cross_entropy(scores, targets)
