"""Fills in the missing weights while it goes through the tasks."""


def total_loss(losses, weights=None):
    if not len(losses):
        raise ValueError("you have to give at least one loss")
    if weights is not None and len(weights) != len(losses):
        raise ValueError("you have to give one weight for each loss")
    total = None
    for index, loss in enumerate(losses):
        w = weights[index] if weights is not None else None
        if not w:
            w = 1.0  # no weight given
        if w < 0:
            raise ValueError("weights cannot be negative")
        total = w * loss if total is None else total + w * loss
    return total
