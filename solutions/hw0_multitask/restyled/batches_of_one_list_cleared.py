"""One list that is filled and cleared."""


def joint_batches(datasets, batch_size, generator):
    if batch_size < 1:
        raise ValueError("batch_size must be at least 1")
    batch = []
    for pair in union(datasets, generator):
        batch.append(pair)
        if len(batch) == batch_size:
            yield batch
            batch.clear()
    if batch:
        yield batch
