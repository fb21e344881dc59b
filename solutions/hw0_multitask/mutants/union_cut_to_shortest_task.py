"""You went through the tasks in step and stopped when the shortest was used up.

Problem: 1
Hint: zip stops at the shortest dataset; the union has every example of every task.
"""


def union(datasets: Sequence[Sequence[Any]], generator: torch.Generator) -> Iterator[tuple[int, Any]]:
    rounds = list(zip(*datasets))
    for row in torch.randperm(len(rounds), generator=generator).tolist():
        yield from enumerate(rounds[row])
