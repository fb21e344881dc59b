"""You accepted a batch size of 0.

Problem: 1
Hint: Check the argument before the loop: raise ValueError if batch_size < 1.
"""


def joint_batches(
    datasets: Sequence[Sequence[Any]], batch_size: int, generator: torch.Generator
) -> Iterator[list[tuple[int, Any]]]:
    batch = []
    for pair in union(datasets, generator):
        batch.append(pair)
        if len(batch) == batch_size:
            yield batch
            batch = []
    if batch:
        yield batch
