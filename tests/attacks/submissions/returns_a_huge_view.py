"""Values: returns a view of one number that claims to be petabytes, and one that is just below the limit."""

import itertools

sizes = itertools.cycle([2**48, 2**33, 2**27])


def total_loss(losses, weights=None):
    return losses[0].detach().expand(next(sizes))
