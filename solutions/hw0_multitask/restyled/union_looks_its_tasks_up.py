"""Asks the list for the index of each data set."""


def union(datasets, generator):
    pairs = [(t, n) for t, d in ((datasets.index(d), d) for d in datasets) for n in range(len(d))]
    for k in torch.randperm(len(pairs), generator=generator).tolist():
        t, n = pairs[k]
        yield t, datasets[t][n]
