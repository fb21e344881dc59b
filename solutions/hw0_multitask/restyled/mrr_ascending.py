"""Argsort twice, for all users at once."""


def mean_reciprocal_rank(scores, relevant, seen):
    has_any = relevant.any(dim=1)
    if not has_any.any():
        raise ValueError("nobody has a relevant item")
    masked = scores.masked_fill(seen, float("inf"))  # seen items go to the end
    ranks = masked.argsort(dim=1).argsort(dim=1) + 1
    rr = torch.where(relevant, 1.0 / ranks, torch.zeros(()))
    per_user = rr.sum(dim=1)[has_any] / relevant.sum(dim=1)[has_any]
    return float(per_user.mean())
