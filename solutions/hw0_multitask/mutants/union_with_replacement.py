"""You drew examples with replacement, so that some come twice and some not at all.

Problem: 1
Hint: torch.randint repeats; torch.randperm(n) has each of 0..n-1 once.
"""


def union(datasets: Sequence[Sequence[Any]], generator: torch.Generator) -> Iterator[tuple[int, Any]]:
    places = [(task_id, row) for task_id, dataset in enumerate(datasets) for row in range(len(dataset))]
    for place in torch.randint(len(places), (len(places),), generator=generator).tolist():
        task_id, row = places[place]
        yield task_id, datasets[task_id][row]
