"""Stacks the losses and multiplies them with a tensor of weights."""


def total_loss(losses: Sequence[Tensor], weights: Sequence[float] | None = None) -> Tensor:
    weights = [1.0] * len(losses) if weights is None else weights
    if not losses or len(losses) != len(weights) or any(weight < 0 for weight in weights):
        raise ValueError("one weight of at least 0 for each loss, and at least one loss")
    return (torch.stack(list(losses)) * torch.tensor(weights)).sum()
