"""Swaps in place, in a loop over all positions."""


def union(datasets, generator):
    pairs = [(t, n) for t, d in enumerate(datasets) for n in range(len(d))]
    for i in range(len(pairs)):
        j = int(torch.randint(len(pairs), (1,), generator=generator))
        pairs[i], pairs[j] = pairs[j], pairs[i]
    for t, n in pairs:
        yield t, datasets[t][n]
