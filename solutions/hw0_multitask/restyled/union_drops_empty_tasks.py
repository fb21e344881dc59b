"""Filters the data sets first."""


def union(datasets, generator):
    datasets = [d for d in datasets if len(d) > 0]
    pairs = [(t, n) for t, d in enumerate(datasets) for n in range(len(d))]
    for k in torch.randperm(len(pairs), generator=generator).tolist():
        t, n = pairs[k]
        yield t, datasets[t][n]
