"""You took an empty list of weights for weights that were not given.

Problem: 2
Hint: Ask whether weights is None; an empty list is a list of another length.
"""


def total_loss(losses: Sequence[Tensor], weights: Sequence[float] | None = None) -> Tensor:
    if not weights:
        weights = [1.0] * len(losses)
    if len(losses) == 0:
        raise ValueError("there is no loss to add up")
    if len(losses) != len(weights):
        raise ValueError(f"{len(losses)} losses need as many weights, not {len(weights)}")
    if min(weights) < 0:
        raise ValueError(f"a weight is negative: {list(weights)}")
    weighted = [weight * loss for weight, loss in zip(weights, losses, strict=True)]
    return torch.stack(weighted).sum()
