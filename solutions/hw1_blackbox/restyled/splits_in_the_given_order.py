"""An iterator over the classes.

Module: episodes
"""

from itertools import islice


def split_classes(classes, sizes, generator):
    if min(sizes) < 0 or sum(sizes) > len(classes):
        raise ValueError("sizes do not fit")
    rest = iter(classes)
    return [list(islice(rest, size)) for size in sizes]
