"""You yielded the examples without the id of their task.

Problem: 1
Hint: Yield the pair (task_id, example): the training loop has to know whose example it got.
"""


def union(datasets: Sequence[Sequence[Any]], generator: torch.Generator) -> Iterator[tuple[int, Any]]:
    places = [(task_id, row) for task_id, dataset in enumerate(datasets) for row in range(len(dataset))]
    for place in torch.randperm(len(places), generator=generator).tolist():
        task_id, row = places[place]
        yield datasets[task_id][row]
