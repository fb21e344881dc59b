"""Pops from a shuffled copy while there is something to pop.

Module: episodes
"""


def split_classes(classes, sizes, generator):
    if min(sizes) < 0:
        raise ValueError("negative size")
    stack = [classes[i] for i in torch.randperm(len(classes), generator=generator).tolist()]
    out = []
    for size in sizes:
        part = []
        while stack and len(part) < size:
            part.append(stack.pop())
        out.append(part)
    return out
