"""You return tuples where lists are asked for.

Module: episodes
Problem: 2
Hint: list(part) makes a list of a tuple.
"""


def split_classes(classes: Sequence[Class], sizes: Sequence[int], generator: torch.Generator) -> list[list[Class]]:
    if any(size < 0 for size in sizes):
        raise ValueError(f"a size is negative: {list(sizes)}")
    if sum(sizes) > len(classes):
        raise ValueError(f"sizes {list(sizes)} need {sum(sizes)} classes, but there are {len(classes)}")
    shuffled = [classes[place] for place in torch.randperm(len(classes), generator=generator).tolist()]
    parts, start = [], 0
    for size in sizes:
        parts.append(tuple(shuffled[start : start + size]))
        start += size
    return parts
