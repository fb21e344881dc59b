"""Sorts each user's items once and inverts the permutation."""


def mean_reciprocal_rank(scores: Tensor, relevant: Tensor, seen: Tensor) -> float:
    scores = scores.masked_fill(seen, float("-inf"))
    order = scores.argsort(dim=1, descending=True)
    positions = torch.arange(1, scores.shape[1] + 1, dtype=torch.float64).expand_as(scores)
    ranks = torch.empty(scores.shape, dtype=torch.float64).scatter_(1, order, positions)
    counts = relevant.sum(dim=1)
    if not (counts > 0).any():
        raise ValueError("no user has a relevant item")
    per_user = ((1 / ranks) * relevant).sum(dim=1)[counts > 0] / counts[counts > 0]
    return per_user.mean()
