"""A running total over indices, and checks one below the other."""


def total_loss(losses, weights=None):
    n = len(losses)
    if n == 0:
        raise ValueError("no losses given")
    total = 0
    for i in range(n):
        if weights is None:
            total = total + losses[i]
        else:
            if len(weights) != n:
                raise ValueError("wrong number of weights")
            if weights[i] < 0:
                raise ValueError("weights must be >= 0")
            total = total + weights[i] * losses[i]
    return total / n
