"""You gave items with equal scores different ranks, in the order in which they stand.

Problem: 6
Hint: 1 + the number of items with a strictly higher score: sorting alone does not count that where scores tie.
"""


def mean_reciprocal_rank(scores: Tensor, relevant: Tensor, seen: Tensor) -> float:
    per_user = []
    for user_scores, user_relevant, user_seen in zip(scores, relevant, seen, strict=True):  # (I,) each
        if not user_relevant.any():
            continue
        order = user_scores.masked_fill(user_seen, float("-inf")).argsort(descending=True, stable=True)  # (I,)
        ranks = 1 + order.argsort()[user_relevant]  # (R,)
        per_user.append((1 / ranks.double()).mean())
    if not per_user:
        raise ValueError("no user has a relevant item")
    return torch.stack(per_user).mean().item()
