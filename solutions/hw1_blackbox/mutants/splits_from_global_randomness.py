"""You shuffled without the generator that was given.

Module: episodes
Problem: 2
Hint: Pass generator=generator to torch.randperm.
"""


def split_classes(classes: Sequence[Class], sizes: Sequence[int], generator: torch.Generator) -> list[list[Class]]:
    if any(size < 0 for size in sizes):
        raise ValueError(f"a size is negative: {list(sizes)}")
    if sum(sizes) > len(classes):
        raise ValueError(f"sizes {list(sizes)} need {sum(sizes)} classes, but there are {len(classes)}")
    shuffled = [classes[place] for place in torch.randperm(len(classes)).tolist()]
    parts, start = [], 0
    for size in sizes:
        parts.append(shuffled[start : start + size])
        start += size
    return parts
