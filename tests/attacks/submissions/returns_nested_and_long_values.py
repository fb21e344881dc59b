"""Values: returns nesting without end, hundreds of thousands of parts, and texts of megabytes."""

import itertools

loop = []
loop.append(loop)
deep = []
for _ in range(100_000):
    deep = [deep]
kinds = itertools.cycle([loop, deep, list(range(199_000)), ["x" * 10**6] * 3, {"k" * 10**6: 1}, 2**70, {1: 2}])


def total_loss(losses, weights=None):
    return next(kinds)
