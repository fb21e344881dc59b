"""Draws one pair after the other without replacement, among all that are left."""


def union(datasets: Sequence[Sequence[Any]], generator: torch.Generator) -> Iterator[tuple[int, Any]]:
    left = [(task_id, example) for task_id, dataset in enumerate(datasets) for example in dataset]
    while left:
        place = int(torch.randint(len(left), (1,), generator=generator))
        left[place], left[-1] = left[-1], left[place]
        yield left.pop()
