"""You gave all parameters one and the same rate tensor.

Module: maml
Problem: 4
Hint: Each parameter has a rate of its own: make a new tensor for each.
"""


def initial_inner_lrs(parameters: Parameters, inner_lr: float, learned: bool) -> dict[str, Tensor]:
    rate = torch.tensor(inner_lr, dtype=next(iter(parameters.values())).dtype, requires_grad=learned)
    return {name: rate for name in parameters}
