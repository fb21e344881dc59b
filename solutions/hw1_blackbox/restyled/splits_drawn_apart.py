"""A comprehension over the sizes.

Module: episodes
"""


def split_classes(classes, sizes, generator):
    if min(sizes) < 0 or sum(sizes) > len(classes):
        raise ValueError("sizes do not fit")
    n = len(classes)
    return [[classes[i] for i in torch.randperm(n, generator=generator)[:size]] for size in sizes]
