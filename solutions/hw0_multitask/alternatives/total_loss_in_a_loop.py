"""Adds up in a Python loop over tasks and leaves out tasks of weight 0, whose gradient is 0 anyway."""


def total_loss(losses: Sequence[Tensor], weights: Sequence[float] | None = None) -> Tensor:
    if weights is None:
        weights = [1] * len(losses)
    if not len(losses) or len(losses) != len(weights) or min(weights) < 0:
        raise ValueError("one weight of at least 0 for each loss, and at least one loss")
    total = losses[0].new_zeros(())
    for loss, weight in zip(losses, weights, strict=True):
        if weight > 0:
            total = total + weight * loss
    return total
