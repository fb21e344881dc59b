"""You made a rate for every entry of a parameter; there is one for the whole parameter.

Module: maml
Problem: 4
Hint: A 0-dimensional tensor: shape ().
"""


def initial_inner_lrs(parameters: Parameters, inner_lr: float, learned: bool) -> dict[str, Tensor]:
    return {name: torch.full_like(value, inner_lr, requires_grad=learned) for name, value in parameters.items()}
