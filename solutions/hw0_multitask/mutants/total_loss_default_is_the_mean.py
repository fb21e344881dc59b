"""Without weights you averaged the losses.

Problem: 2
Hint: The default weight is 1 for each task, not 1/T.
"""


def total_loss(losses: Sequence[Tensor], weights: Sequence[float] | None = None) -> Tensor:
    if len(losses) == 0:
        raise ValueError("there is no loss to add up")
    if weights is None:
        weights = [1.0 / len(losses)] * len(losses)
    if len(losses) != len(weights):
        raise ValueError(f"{len(losses)} losses need as many weights, not {len(weights)}")
    if min(weights) < 0:
        raise ValueError(f"a weight is negative: {list(weights)}")
    weighted = [weight * loss for weight, loss in zip(weights, losses, strict=True)]
    return torch.stack(weighted).sum()
