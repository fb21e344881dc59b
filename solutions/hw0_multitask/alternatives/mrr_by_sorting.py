"""Sorts each user's scores once; a rank is where a score would go among them, so that ties share one."""


def mean_reciprocal_rank(scores: Tensor, relevant: Tensor, seen: Tensor) -> float:
    falling = (-scores.masked_fill(seen, float("-inf"))).sort(dim=1).values.contiguous()
    ranks = 1 + torch.searchsorted(falling, (-scores).contiguous())  # how many stand strictly before it
    counts = relevant.sum(dim=1)
    if not (counts > 0).any():
        raise ValueError("no user has a relevant item")
    per_user = ((1 / ranks.double()) * relevant).sum(dim=1)[counts > 0] / counts[counts > 0]
    return per_user.mean()
