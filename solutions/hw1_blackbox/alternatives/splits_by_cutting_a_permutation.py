"""One permutation of indices, cut by the library.

Module: episodes
"""


def split_classes(classes, sizes, generator):
    if min(sizes, default=0) < 0 or sum(sizes) > len(classes):
        raise ValueError("these sizes cannot be had")
    indices = torch.randperm(len(classes), generator=generator)[: sum(sizes)]
    return [[classes[i] for i in part] for part in indices.split(list(sizes))]
