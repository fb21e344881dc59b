"""You shuffled with Python's `random` or with NumPy, which the given generator does not control.

Problem: 1
Hint: Use torch.randperm(n, generator=generator).
"""

import random


def union(datasets: Sequence[Sequence[Any]], generator: torch.Generator) -> Iterator[tuple[int, Any]]:
    pairs = [(task_id, example) for task_id, dataset in enumerate(datasets) for example in dataset]
    random.shuffle(pairs)
    yield from pairs
