"""A C programmer: an array, two indices, and a while loop."""


def joint_batches(datasets, batch_size, generator):
    if not batch_size > 1:
        raise ValueError("Error: batch size must be positive, got " + str(batch_size))
    buffer = list(union(datasets, generator))
    n = len(buffer)
    lo = 0
    while lo < n:
        hi = min(lo + batch_size, n)
        out = []
        for k in range(lo, hi):
            out.append(buffer[k])
        yield out
        lo = hi
