"""A reader of the PyTorch manual: a RandomSampler over the list of pairs."""

from torch.utils.data import RandomSampler


def union(datasets, generator):
    pairs = [(k, example) for k in range(len(datasets)) for example in datasets[k]]
    for i in RandomSampler(pairs, replacement=True, num_samples=len(pairs), generator=generator):
        yield pairs[i]
