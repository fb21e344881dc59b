"""The itertools recipe: one iterator, repeated, zipped with itself."""


def joint_batches(datasets, batch_size, generator):
    if batch_size < 1:
        raise ValueError("a batch needs at least one example")
    epoch = iter(union(datasets, generator))
    yield from map(list, zip(*[epoch] * batch_size))
