"""You counted the tasks from 1.

Problem: 1
Hint: Task ids count from 0, in the order of `datasets`.
"""


def union(datasets: Sequence[Sequence[Any]], generator: torch.Generator) -> Iterator[tuple[int, Any]]:
    places = [(task_id, row) for task_id, dataset in enumerate(datasets, start=1) for row in range(len(dataset))]
    for place in torch.randperm(len(places), generator=generator).tolist():
        task_id, row = places[place]
        yield task_id, datasets[task_id - 1][row]
