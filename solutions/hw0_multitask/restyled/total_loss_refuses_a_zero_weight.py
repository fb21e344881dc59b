"""A generator expression in sum(), conditions with all()."""


def total_loss(losses, weights=None):
    weights = [1.0] * len(losses) if weights is None else list(weights)
    valid = len(losses) > 0 and len(losses) == len(weights) and all(w > 0 for w in weights)
    if not valid:
        raise ValueError("invalid losses or weights")
    return sum(w * loss for w, loss in zip(weights, losses))
