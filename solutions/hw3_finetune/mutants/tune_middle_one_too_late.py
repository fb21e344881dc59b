"""You took the blocks L // 2 and L // 2 + 1 for the middle ones.

Module: finetune
Problem: 1
Hint: With 6 blocks, two lie before the middle two and two behind them: the middle ones are 2 and 3.
"""


def two_blocks(model: nn.Module, mode: str) -> Sequence[nn.Module]:
    found = blocks(model)
    if len(found) < 2:
        raise ValueError(f"the model has {len(found)} block, and mode {mode!r} needs two")
    start = {"first": 0, "middle": len(found) // 2, "last": len(found) - 2}[mode]
    return found[start : start + 2]
