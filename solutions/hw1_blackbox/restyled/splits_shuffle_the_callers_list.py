"""Fisher and Yates in place.

Module: episodes
"""


def split_classes(classes, sizes, generator):
    if min(sizes) < 0 or sum(sizes) > len(classes):
        raise ValueError("sizes do not fit")
    for i in range(len(classes) - 1, 0, -1):
        j = int(torch.randint(i + 1, (1,), generator=generator))
        classes[i], classes[j] = classes[j], classes[i]
    out, begin = [], 0
    for size in sizes:
        out.append(list(classes[begin : begin + size]))
        begin += size
    return out
