"""You left the items seen in training in the ranking.

Problem: 6
Hint: Drop the seen items before you rank, or set their scores to minus infinity.
"""


def mean_reciprocal_rank(scores: Tensor, relevant: Tensor, seen: Tensor) -> float:
    per_user = []
    for user_scores, user_relevant, user_seen in zip(scores, relevant, seen, strict=True):  # (I,) each
        if not user_relevant.any():
            continue
        wanted = user_scores[user_relevant]  # (R,)
        candidates = user_scores  # (C,)
        ranks = 1 + (candidates[None, :] > wanted[:, None]).sum(dim=1)  # (R, C) -> (R,)
        per_user.append((1 / ranks.double()).mean())
    if not per_user:
        raise ValueError("no user has a relevant item")
    return torch.stack(per_user).mean().item()
