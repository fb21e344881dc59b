"""Lets the library do it: a DataLoader that shuffles."""

from torch.utils.data import DataLoader


def union(datasets, generator):
    everything = []
    for task, data in enumerate(datasets):
        everything.extend((task, data[j]) for j in range(len(data)))
    loader = DataLoader(everything, batch_size=1, shuffle=True, collate_fn=lambda rows: rows[0])
    yield from loader
