"""The loss that you returned is the sum over all things; it should be their mean.

Module: finetune
Problem: 5
Hint: sum of n_i loss_i, divided by the sum of n_i.
"""


def step(optimizer: torch.optim.Optimizer, total: float, seen: int) -> float:
    for group in optimizer.param_groups:
        for parameter in group["params"]:
            if parameter.grad is not None:
                parameter.grad /= seen
    optimizer.step()
    return total
