"""With a single block you went on; first, last and middle need two.

Module: finetune
Problem: 1
Hint: Raise ValueError if the model has fewer than two blocks.
"""


def two_blocks(model: nn.Module, mode: str) -> Sequence[nn.Module]:
    found = blocks(model)
    start = {"first": 0, "middle": len(found) // 2 - 1, "last": len(found) - 2}[mode]
    return found[max(start, 0) : start + 2]
