"""Shuffles with Python's `random`, seeded by a number from the generator: still the generator decides."""

import random


def union(datasets: Sequence[Sequence[Any]], generator: torch.Generator) -> Iterator[tuple[int, Any]]:
    pairs = [(task_id, example) for task_id, dataset in enumerate(datasets) for example in dataset]
    seed = int(torch.randint(2**62, (1,), generator=generator))
    random.Random(seed).shuffle(pairs)
    return iter(pairs)
