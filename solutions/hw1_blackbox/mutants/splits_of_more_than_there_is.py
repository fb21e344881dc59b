"""You hand out a part that is too small where the classes do not suffice.

Module: episodes
Problem: 2
Hint: Compare the sum of the sizes with the number of classes.
"""


def split_classes(classes: Sequence[Class], sizes: Sequence[int], generator: torch.Generator) -> list[list[Class]]:
    if any(size < 0 for size in sizes):
        raise ValueError(f"a size is negative: {list(sizes)}")
    shuffled = [classes[place] for place in torch.randperm(len(classes), generator=generator).tolist()]
    parts, start = [], 0
    for size in sizes:
        parts.append(shuffled[start : start + size])
        start += size
    return parts
