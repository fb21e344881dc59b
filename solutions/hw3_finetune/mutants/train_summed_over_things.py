"""Your gradient is of the sum over all things; it should be of their mean.

Module: finetune
Problem: 5
Hint: Divide by n_1 + ... + n_g before the step.
"""


def step(optimizer: torch.optim.Optimizer, total: float, seen: int) -> float:
    optimizer.step()
    return total / seen
