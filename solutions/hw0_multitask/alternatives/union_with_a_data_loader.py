"""Leaves shuffling and batching to PyTorch's DataLoader; the last partial batch stays."""

from torch.utils.data import ConcatDataset, DataLoader


class Union(ConcatDataset):
    def __init__(self, datasets):
        super().__init__([[(task_id, example) for example in data] for task_id, data in enumerate(datasets)])


def unchanged(pair):
    return pair


def union(datasets, generator):
    return iter(DataLoader(Union(datasets), batch_size=None, shuffle=True, generator=generator, collate_fn=unchanged))


def joint_batches(datasets, batch_size, generator):
    # DataLoader itself raises ValueError for a batch size below 1.
    return iter(DataLoader(Union(datasets), batch_size, shuffle=True, generator=generator, collate_fn=list))
