"""You counted users without relevant items as 0.

Problem: 6
Hint: Leave them out of the mean.
"""


def mean_reciprocal_rank(scores: Tensor, relevant: Tensor, seen: Tensor) -> float:
    per_user = []
    for user_scores, user_relevant, user_seen in zip(scores, relevant, seen, strict=True):  # (I,) each
        if not user_relevant.any():
            per_user.append(torch.zeros((), dtype=torch.float64))
            continue
        wanted = user_scores[user_relevant]  # (R,)
        candidates = user_scores[~user_seen]  # (C,)
        ranks = 1 + (candidates[None, :] > wanted[:, None]).sum(dim=1)  # (R, C) -> (R,)
        per_user.append((1 / ranks.double()).mean())
    if not relevant.any():
        raise ValueError("no user has a relevant item")
    return torch.stack(per_user).mean().item()
