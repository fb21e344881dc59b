"""Your outer optimiser does not know the rates, so that they never change.

Module: maml
Problem: 4
Hint: An optimiser updates what it is given, and the learned rates belong to it.
"""


def outer_optimizer(parameters: Parameters, inner_lrs: dict[str, Tensor], outer_lr: float) -> torch.optim.Adam:
    return torch.optim.Adam(parameters.values(), lr=outer_lr)
