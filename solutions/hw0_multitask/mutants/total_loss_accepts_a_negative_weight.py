"""You accepted a negative weight, with which training makes that task worse.

Problem: 2
Hint: Raise ValueError if any weight is below 0.
"""


def total_loss(losses: Sequence[Tensor], weights: Sequence[float] | None = None) -> Tensor:
    if weights is None:
        weights = [1.0] * len(losses)
    if len(losses) == 0:
        raise ValueError("there is no loss to add up")
    if len(losses) != len(weights):
        raise ValueError(f"{len(losses)} losses need as many weights, not {len(weights)}")
    weighted = [weight * loss for weight, loss in zip(weights, losses, strict=True)]
    return torch.stack(weighted).sum()
