"""torch.split of a permutation.

Module: episodes
"""


def split_classes(classes, sizes, generator):
    total = sum(sizes)
    if min(sizes) < 0 or total > len(classes):
        raise ValueError("sizes do not fit")
    perm = torch.randperm(len(classes), generator=generator)[:total]
    return [part.tolist() for part in torch.split(perm, list(sizes))]
