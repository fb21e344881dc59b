"""You returned 0 when there was no loss.

Problem: 2
Hint: An empty list of losses is a mistake of the caller: raise ValueError.
"""


def total_loss(losses: Sequence[Tensor], weights: Sequence[float] | None = None) -> Tensor:
    if weights is None:
        weights = [1.0] * len(losses)
    if len(losses) == 0:
        return torch.zeros(())
    if len(losses) != len(weights):
        raise ValueError(f"{len(losses)} losses need as many weights, not {len(weights)}")
    if min(weights) < 0:
        raise ValueError(f"a weight is negative: {list(weights)}")
    weighted = [weight * loss for weight, loss in zip(weights, losses, strict=True)]
    return torch.stack(weighted).sum()
