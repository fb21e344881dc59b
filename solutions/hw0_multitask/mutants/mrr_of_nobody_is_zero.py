"""You returned 0 when no user had a relevant item.

Problem: 6
Hint: There is nothing to average: raise ValueError.
"""


def mean_reciprocal_rank(scores: Tensor, relevant: Tensor, seen: Tensor) -> float:
    per_user = []
    for user_scores, user_relevant, user_seen in zip(scores, relevant, seen, strict=True):  # (I,) each
        if not user_relevant.any():
            continue
        wanted = user_scores[user_relevant]  # (R,)
        candidates = user_scores[~user_seen]  # (C,)
        ranks = 1 + (candidates[None, :] > wanted[:, None]).sum(dim=1)  # (R, C) -> (R,)
        per_user.append((1 / ranks.double()).mean())
    if not per_user:
        return 0.0
    return torch.stack(per_user).mean().item()
