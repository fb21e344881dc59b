"""The itertools person again: islice and a walrus."""

from itertools import islice


def joint_batches(datasets: Sequence, batch_size: int, generator: torch.Generator) -> Iterator[list]:
    remaining = iter(union(datasets, generator))
    while chunk := list(islice(remaining, batch_size)):
        yield chunk
