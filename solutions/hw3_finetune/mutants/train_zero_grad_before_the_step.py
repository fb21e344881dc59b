"""You cleared the gradients between backward and step, so that nothing is learned.

Module: finetune
Problem: 5
Hint: zero_grad before the first backward of an update, or after its step.
"""


def step(optimizer: torch.optim.Optimizer, total: float, seen: int) -> float:
    for group in optimizer.param_groups:
        for parameter in group["params"]:
            if parameter.grad is not None:
                parameter.grad /= seen
    optimizer.zero_grad()
    optimizer.step()
    return total / seen
