"""You gave every example the task id 0.

Problem: 1
Hint: Take the task id from enumerate(datasets).
"""


def union(datasets: Sequence[Sequence[Any]], generator: torch.Generator) -> Iterator[tuple[int, Any]]:
    places = [(task_id, row) for task_id, dataset in enumerate(datasets) for row in range(len(dataset))]
    for place in torch.randperm(len(places), generator=generator).tolist():
        task_id, row = places[place]
        yield 0, datasets[task_id][row]
