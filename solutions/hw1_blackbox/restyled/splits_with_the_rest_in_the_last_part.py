"""Cuts at cumulative sums and lets the last slice run to the end.

Module: episodes
"""

from itertools import accumulate


def split_classes(classes, sizes, generator):
    if min(sizes) < 0 or sum(sizes) > len(classes):
        raise ValueError("sizes do not fit")
    order = [classes[i] for i in torch.randperm(len(classes), generator=generator)]
    cuts = [0, *accumulate(sizes)][:-1] + [len(classes)]
    return [order[a:b] for a, b in zip(cuts[:-1], cuts[1:])]
