"""You drew from PyTorch's global generator, not from the one you were given.

Problem: 1
Hint: Pass it on: torch.randperm(n, generator=generator).
"""


def union(datasets: Sequence[Sequence[Any]], generator: torch.Generator) -> Iterator[tuple[int, Any]]:
    places = [(task_id, row) for task_id, dataset in enumerate(datasets) for row in range(len(dataset))]
    for place in torch.randperm(len(places)).tolist():
        task_id, row = places[place]
        yield task_id, datasets[task_id][row]
