"""random.sample.

Module: episodes
"""

import random


def split_classes(classes, sizes, generator):
    if any(s < 0 for s in sizes) or len(classes) < sum(sizes):
        raise ValueError("impossible sizes")
    pool = random.sample(list(classes), len(classes))
    result = []
    for s in sizes:
        result.append(pool[:s])
        pool = pool[s:]
    return result
