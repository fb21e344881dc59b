"""You did not shuffle.

Problem: 1
Hint: Draw one permutation of all examples with the generator.
"""


def union(datasets: Sequence[Sequence[Any]], generator: torch.Generator) -> Iterator[tuple[int, Any]]:
    for task_id, dataset in enumerate(datasets):
        for example in dataset:
            yield task_id, example
