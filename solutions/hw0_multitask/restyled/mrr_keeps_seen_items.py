"""The numpy person: sorted positions of each row."""

import numpy as np


def mean_reciprocal_rank(scores, relevant, seen):
    S, R = scores.numpy(), relevant.numpy()
    means = []
    for s, r in zip(S, R):
        if r.any():
            descending = np.argsort(-s, kind="stable")
            position = np.empty(len(s))
            position[descending] = np.arange(1, len(s) + 1)
            means.append((1 / position[r]).mean())
    if len(means) == 0:
        raise ValueError("no relevant items at all")
    return float(np.mean(means))
