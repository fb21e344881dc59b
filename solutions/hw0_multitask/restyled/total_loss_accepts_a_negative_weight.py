"""Functional: reduce over the products."""

from functools import reduce
from operator import add, mul


def total_loss(losses, weights=None):
    weights = [1] * len(losses) if weights is None else weights
    if not losses or len(weights) != len(losses):
        raise ValueError("need at least one loss, and exactly one weight for each")
    return reduce(add, map(mul, weights, losses))
