"""A loop over the indices that both lists have, weights looked at on the way."""


def total_loss(losses, weights=None):
    if not losses:
        raise ValueError("empty list of losses")
    if weights is None:
        weights = (1.0,) * len(losses)
    acc = torch.zeros_like(losses[0])
    for i in range(min(len(losses), len(weights))):
        w = weights[i]
        if w < 0:
            raise ValueError(f"weight {i} is {w}")
        acc = acc + w * losses[i]
    return acc
