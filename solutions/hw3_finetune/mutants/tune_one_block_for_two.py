"""You tuned one block in place of two.

Module: finetune
Problem: 1
Hint: Each of first, last and middle names two blocks that follow each other.
"""


def two_blocks(model: nn.Module, mode: str) -> Sequence[nn.Module]:
    found = blocks(model)
    if len(found) < 2:
        raise ValueError(f"the model has {len(found)} block, and mode {mode!r} needs two")
    start = {"first": 0, "middle": len(found) // 2, "last": len(found) - 1}[mode]
    return found[start : start + 1]
