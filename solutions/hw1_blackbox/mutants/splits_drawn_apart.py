"""You drew each part from all classes, so that test classes can be among the training classes.

Module: episodes
Problem: 2
Hint: Shuffle once and cut the list.
"""


def split_classes(classes: Sequence[Class], sizes: Sequence[int], generator: torch.Generator) -> list[list[Class]]:
    if any(size < 0 for size in sizes):
        raise ValueError(f"a size is negative: {list(sizes)}")
    if sum(sizes) > len(classes):
        raise ValueError(f"sizes {list(sizes)} need {sum(sizes)} classes, but there are {len(classes)}")
    parts = []
    for size in sizes:
        shuffled = [classes[place] for place in torch.randperm(len(classes), generator=generator).tolist()]
        parts.append(shuffled[:size])
    return parts
