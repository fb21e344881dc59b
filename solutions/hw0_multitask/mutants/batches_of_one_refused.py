"""You refused batches of one example; only a batch size below 1 is an error.

Problem: 1
Hint: Which is the smallest batch that makes sense?
"""


def joint_batches(
    datasets: Sequence[Sequence[Any]], batch_size: int, generator: torch.Generator
) -> Iterator[list[tuple[int, Any]]]:
    if batch_size <= 1:
        raise ValueError(f"batch_size is {batch_size}; it must be at least 1")
    batch = []
    for pair in union(datasets, generator):
        batch.append(pair)
        if len(batch) == batch_size:
            yield batch
            batch = []
    if batch:
        yield batch
