"""Sorts the pairs by random keys from the generator: another order of draws, the same uniform shuffle."""


def union(datasets: Sequence[Sequence[Any]], generator: torch.Generator) -> Iterator[tuple[int, Any]]:
    pairs = [(task_id, example) for task_id, dataset in enumerate(datasets) for example in dataset]
    keys = torch.rand(len(pairs), generator=generator, dtype=torch.float64)
    for place in keys.argsort().tolist():
        yield pairs[place]
