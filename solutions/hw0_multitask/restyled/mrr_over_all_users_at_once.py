"""Sorts once and looks the ranks up with searchsorted."""


def mean_reciprocal_rank(scores, relevant, seen):
    if not relevant.any():
        raise ValueError("no relevant items")
    ladder, _ = torch.sort(scores[~seen])  # all scores that count, from low to high
    values = []
    for u in range(relevant.size(0)):
        mine = scores[u][relevant[u]]
        if mine.numel() > 0:
            rank = len(ladder) - torch.searchsorted(ladder, mine, right=True) + 1
            values.append(rank.double().reciprocal().mean())
    return float(sum(values) / len(values))
