"""With an odd number of blocks, your middle two are one block too far up.

Module: finetune
Problem: 1
Hint: L // 2 rounds down: with 5 blocks the middle ones are 1 and 2.
"""


def two_blocks(model: nn.Module, mode: str) -> Sequence[nn.Module]:
    found = blocks(model)
    if len(found) < 2:
        raise ValueError(f"the model has {len(found)} block, and mode {mode!r} needs two")
    start = {"first": 0, "middle": (len(found) + 1) // 2 - 1, "last": len(found) - 2}[mode]
    return found[start : start + 2]
