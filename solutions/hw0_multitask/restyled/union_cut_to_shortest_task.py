"""A C programmer: lengths first, then nested loops over indices."""


def union(datasets, generator):
    T = len(datasets)
    if T == 0:
        return
    length = len(datasets[0])
    for t in range(1, T):
        if len(datasets[t]) < length:
            length = len(datasets[t])
    table = []
    for i in range(length):
        for t in range(T):
            table.append((t, datasets[t][i]))
    perm = torch.randperm(len(table), generator=generator)
    for i in range(len(table)):
        yield table[perm[i].item()]
