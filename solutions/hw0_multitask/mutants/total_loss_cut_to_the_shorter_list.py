"""You dropped losses or weights when there was not one weight per loss.

Problem: 2
Hint: zip stops at the shorter list; compare the lengths and raise ValueError.
"""


def total_loss(losses: Sequence[Tensor], weights: Sequence[float] | None = None) -> Tensor:
    if weights is None:
        weights = [1.0] * len(losses)
    if len(losses) == 0:
        raise ValueError("there is no loss to add up")
    if min(weights) < 0:
        raise ValueError(f"a weight is negative: {list(weights)}")
    weighted = [weight * loss for weight, loss in zip(weights, losses)]
    return torch.stack(weighted).sum()
