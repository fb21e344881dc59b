"""You left out the tasks without examples before you counted, so that later tasks have other numbers.

Problem: 1
Hint: A task keeps its number, also when it has no example.
"""


def union(datasets: Sequence[Sequence[Any]], generator: torch.Generator) -> Iterator[tuple[int, Any]]:
    datasets = [dataset for dataset in datasets if len(dataset) > 0]
    places = [(task_id, row) for task_id, dataset in enumerate(datasets) for row in range(len(dataset))]
    for place in torch.randperm(len(places), generator=generator).tolist():
        task_id, row = places[place]
        yield task_id, datasets[task_id][row]
