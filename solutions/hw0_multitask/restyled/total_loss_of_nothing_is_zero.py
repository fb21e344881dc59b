"""Adds up into a zero tensor, one task after the other."""


def total_loss(losses, weights=None):
    if weights is not None:
        if len(weights) != len(losses):
            raise ValueError("The number of weights must be the number of losses!")
        if any(weight < 0.0 for weight in weights):
            raise ValueError("Weights must not be negative!")
    result = torch.tensor(0.0)
    for i, loss in enumerate(losses):
        result = result + (loss if weights is None else weights[i] * loss)
    return result
