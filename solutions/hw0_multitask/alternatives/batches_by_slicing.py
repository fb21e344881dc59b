"""Makes the whole epoch a list and slices it."""


def joint_batches(
    datasets: Sequence[Sequence[Any]], batch_size: int, generator: torch.Generator
) -> Iterator[list[tuple[int, Any]]]:
    if batch_size < 1:
        raise ValueError("batch_size must be at least 1")
    epoch = list(union(datasets, generator))
    return iter([epoch[start : start + batch_size] for start in range(0, len(epoch), batch_size)])
