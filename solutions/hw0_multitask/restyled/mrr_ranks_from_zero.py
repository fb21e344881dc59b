"""Sorts each user's items and inverts the permutation with scatter and arange."""


def mean_reciprocal_rank(scores, relevant, seen):
    U, I = scores.shape
    order = scores.masked_fill(seen, float("-inf")).argsort(dim=1, descending=True)
    rank = torch.zeros_like(order).scatter(1, order, torch.arange(I).repeat(U, 1))
    result = []
    for u in range(U):
        if relevant[u].any():
            result.append(torch.mean(1 / rank[u][relevant[u]].double()))
    if len(result) == 0:
        raise ValueError("No relevant items for any user")
    return torch.mean(torch.stack(result)).item()
