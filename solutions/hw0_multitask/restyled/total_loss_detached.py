"""The numpy person: arrays and a dot product, then back to a tensor."""

import numpy as np


def total_loss(losses, weights=None):
    values = np.array([loss.detach().numpy() for loss in losses])
    w = np.ones(len(values)) if weights is None else np.asarray(weights, dtype=float)
    if values.size == 0 or values.shape != w.shape or (w < 0).any():
        raise ValueError(f"losses {values.shape}, weights {w.shape}: one weight >= 0 for each loss")
    return torch.tensor(np.dot(w, values), dtype=losses[0].dtype, requires_grad=True)
