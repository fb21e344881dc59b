"""You looked for the number of a task by its data set: two equal data sets have one number then.

Problem: 1
Hint: Count the data sets with enumerate.
"""


def union(datasets: Sequence[Sequence[Any]], generator: torch.Generator) -> Iterator[tuple[int, Any]]:
    places = [(datasets.index(dataset), row) for dataset in datasets for row in range(len(dataset))]
    for place in torch.randperm(len(places), generator=generator).tolist():
        task_id, row = places[place]
        yield task_id, datasets[task_id][row]
