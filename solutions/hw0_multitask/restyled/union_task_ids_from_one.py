"""Counts by hand with a += 1, and pops from a shuffled pile."""


def union(datasets, generator):
    pile = []
    current = 0
    for d in datasets:
        current += 1
        pile += [(current, x) for x in d]
    order = torch.randperm(len(pile), generator=generator).tolist()
    while order:
        yield pile[order.pop()]
