"""You refused a weight of 0.

Problem: 2
Hint: Only a negative weight is an error; 0 switches a task off.
"""


def total_loss(losses: Sequence[Tensor], weights: Sequence[float] | None = None) -> Tensor:
    if weights is None:
        weights = [1.0] * len(losses)
    if len(losses) == 0:
        raise ValueError("there is no loss to add up")
    if len(losses) != len(weights):
        raise ValueError(f"{len(losses)} losses need as many weights, not {len(weights)}")
    if min(weights) <= 0:
        raise ValueError(f"a weight is negative: {list(weights)}")
    weighted = [weight * loss for weight, loss in zip(weights, losses, strict=True)]
    return torch.stack(weighted).sum()
