"""You shuffle by swapping each place with any place, which makes some splits likelier.

Module: episodes
Problem: 2
Hint: torch.randperm gives each order with the same chance.
"""


def split_classes(classes: Sequence[Class], sizes: Sequence[int], generator: torch.Generator) -> list[list[Class]]:
    if any(size < 0 for size in sizes):
        raise ValueError(f"a size is negative: {list(sizes)}")
    if sum(sizes) > len(classes):
        raise ValueError(f"sizes {list(sizes)} need {sum(sizes)} classes, but there are {len(classes)}")
    shuffled = list(classes)
    for place in range(len(shuffled)):
        other = int(torch.randint(len(shuffled), (1,), generator=generator))
        shuffled[place], shuffled[other] = shuffled[other], shuffled[place]
    parts, start = [], 0
    for size in sizes:
        parts.append(shuffled[start : start + size])
        start += size
    return parts
