"""Draws one class after the other from those that are left.

Module: episodes
"""


def split_classes(classes, sizes, generator):
    left = list(classes)
    parts = []
    for size in sizes:
        if size < 0 or size > len(left):
            raise ValueError(f"cannot take {size} of {len(left)} classes")
        part = []
        while len(part) < size:
            place = int(torch.randint(len(left), (1,), generator=generator))
            part.append(left.pop(place))
        parts.append(part)
    return parts
