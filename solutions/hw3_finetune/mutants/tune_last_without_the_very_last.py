"""You left out the very last block in mode last.

Module: finetune
Problem: 1
Hint: A slice that ends at -1 ends before the last block: found[-2:] are the last two.
"""


def two_blocks(model: nn.Module, mode: str) -> Sequence[nn.Module]:
    found = blocks(model)
    if len(found) < 2:
        raise ValueError(f"the model has {len(found)} block, and mode {mode!r} needs two")
    if mode == "last":
        return found[-3:-1]
    start = {"first": 0, "middle": len(found) // 2 - 1, "last": len(found) - 2}[mode]
    return found[start : start + 2]
