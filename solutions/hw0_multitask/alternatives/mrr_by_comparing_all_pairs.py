"""One comparison of all pairs of items of all users at once, and numpy for the means."""

import numpy as np


def mean_reciprocal_rank(scores: Tensor, relevant: Tensor, seen: Tensor) -> float:
    better = (scores[:, None, :] > scores[:, :, None]) & ~seen[:, None, :]  # (U, I, I)
    reciprocal = 1.0 / (better.sum(dim=2) + 1).numpy().astype(float)
    chosen = relevant.numpy()
    per_user = [row[wanted].mean() for row, wanted in zip(reciprocal, chosen, strict=True) if wanted.any()]
    if not per_user:
        raise ValueError("no user has a relevant item")
    return float(np.mean(per_user))


def mean_squared_error(predicted: Tensor, observed: Tensor) -> float:
    if predicted.size() != observed.size():
        raise ValueError("shapes differ")
    return nn.functional.mse_loss(predicted, observed)
