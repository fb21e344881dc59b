"""Remembers the previous size only.

Module: episodes
"""


def split_classes(classes, sizes, generator):
    if min(sizes) < 0 or sum(sizes) > len(classes):
        raise ValueError("sizes do not fit")
    mixed = [classes[int(i)] for i in torch.randperm(len(classes), generator=generator)]
    out, previous = [], 0
    for size in sizes:
        out.append(mixed[previous:][:size])
        previous = size
    return out
