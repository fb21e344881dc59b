"""A loop, and `not weights`."""


def total_loss(losses, weights=None):
    if len(losses) == 0:
        raise ValueError("no loss")
    if not weights:
        weights = [1.0] * len(losses)
    if len(weights) != len(losses):
        raise ValueError("lengths differ")
    if any(w < 0 for w in weights):
        raise ValueError("negative weight")
    result = losses[0] * weights[0]
    for loss, weight in zip(losses[1:], weights[1:]):
        result = result + loss * weight
    return result
