"""Buckets: a dict of half-filled batches, one per task, each given out as soon as it is full."""

from collections import defaultdict


def joint_batches(
    datasets: Sequence[Sequence[Any]], batch_size: int, generator: torch.Generator
) -> Iterator[list[tuple[int, Any]]]:
    if batch_size <= 0:
        raise ValueError("batch_size has to be positive")
    buckets: dict[int, list[tuple[int, Any]]] = defaultdict(list)
    for task, sample in union(datasets, generator):
        buckets[task].append((task, sample))
        if len(buckets[task]) >= batch_size:
            yield buckets.pop(task)
    # the buckets that never got full
    yield from buckets.values()
