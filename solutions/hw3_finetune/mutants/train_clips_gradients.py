"""You clipped the gradients.

Module: finetune
Problem: 5
Hint: Nothing but the mean loss makes the update: no clip_grad_norm_.
"""


def step(optimizer: torch.optim.Optimizer, total: float, seen: int) -> float:
    for group in optimizer.param_groups:
        for parameter in group["params"]:
            if parameter.grad is not None:
                parameter.grad /= seen
        nn.utils.clip_grad_norm_(group["params"], 0.1)
    optimizer.step()
    return total / seen
