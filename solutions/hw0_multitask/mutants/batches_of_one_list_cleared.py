"""You yielded one and the same list again and again, and emptied it.

Problem: 1
Hint: Begin a new list for each batch.
"""


def joint_batches(
    datasets: Sequence[Sequence[Any]], batch_size: int, generator: torch.Generator
) -> Iterator[list[tuple[int, Any]]]:
    if batch_size < 1:
        raise ValueError(f"batch_size is {batch_size}; it must be at least 1")
    batch = []
    for pair in union(datasets, generator):
        batch.append(pair)
        if len(batch) == batch_size:
            yield batch
            batch.clear()
    if batch:
        yield batch
