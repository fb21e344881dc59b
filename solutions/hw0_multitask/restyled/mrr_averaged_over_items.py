"""One big comparison, and a mean over what the mask selects."""


def mean_reciprocal_rank(scores: Tensor, relevant: Tensor, seen: Tensor) -> float:
    if relevant.sum() == 0:
        raise ValueError("relevant is empty")
    visible = scores.masked_fill(seen, -torch.inf)
    higher = visible.unsqueeze(1) > scores.unsqueeze(2)  # (U, I, I): is item j above item i
    rank = higher.sum(dim=2) + 1
    return torch.mean(1.0 / rank[relevant].double()).item()
