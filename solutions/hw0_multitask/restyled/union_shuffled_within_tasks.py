"""A reader of the PyTorch manual: a sampler for each data set."""

from torch.utils.data import SubsetRandomSampler


def union(datasets: Sequence[Sequence[Any]], generator: torch.Generator) -> Iterator[tuple[int, Any]]:
    samplers = [SubsetRandomSampler(range(len(data)), generator=generator) for data in datasets]
    for task, sampler in enumerate(samplers):
        for index in sampler:
            yield (task, datasets[task][index])
