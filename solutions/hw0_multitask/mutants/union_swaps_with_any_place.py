"""You swapped each place with any place, so that some orders are likelier than others.

Problem: 1
Hint: Swap place k with one of the places from k on, or take torch.randperm.
"""


def union(datasets: Sequence[Sequence[Any]], generator: torch.Generator) -> Iterator[tuple[int, Any]]:
    places = [(task_id, row) for task_id, dataset in enumerate(datasets) for row in range(len(dataset))]
    for place in range(len(places)):
        other = int(torch.randint(len(places), (1,), generator=generator))
        places[place], places[other] = places[other], places[place]
    for task_id, row in places:
        yield task_id, datasets[task_id][row]
