"""You averaged over all relevant items at once, so that users with many of them count more.

Problem: 6
Hint: First the mean within each user, then the mean over users.
"""


def mean_reciprocal_rank(scores: Tensor, relevant: Tensor, seen: Tensor) -> float:
    per_user = []
    for user_scores, user_relevant, user_seen in zip(scores, relevant, seen, strict=True):  # (I,) each
        if not user_relevant.any():
            continue
        wanted = user_scores[user_relevant]  # (R,)
        candidates = user_scores[~user_seen]  # (C,)
        ranks = 1 + (candidates[None, :] > wanted[:, None]).sum(dim=1)  # (R, C) -> (R,)
        per_user += (1 / ranks.double()).unbind()
    if not per_user:
        raise ValueError("no user has a relevant item")
    return torch.stack(per_user).mean().item()
