"""You go through a set, whose order is another one each time that Python starts.

Module: episodes
Problem: 2
Hint: Index the sequence that was given.
"""


def split_classes(classes: Sequence[Class], sizes: Sequence[int], generator: torch.Generator) -> list[list[Class]]:
    if any(size < 0 for size in sizes):
        raise ValueError(f"a size is negative: {list(sizes)}")
    if sum(sizes) > len(classes):
        raise ValueError(f"sizes {list(sizes)} need {sum(sizes)} classes, but there are {len(classes)}")
    distinct = list(set(classes))
    shuffled = [distinct[place] for place in torch.randperm(len(classes), generator=generator).tolist()]
    parts, start = [], 0
    for size in sizes:
        parts.append(shuffled[start : start + size])
        start += size
    return parts
