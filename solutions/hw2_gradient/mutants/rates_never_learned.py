"""Your rates never require gradients.

Module: maml
Problem: 4
Hint: The flag decides: requires_grad=learned.
"""


def initial_inner_lrs(parameters: Parameters, inner_lr: float, learned: bool) -> dict[str, Tensor]:
    return {name: torch.tensor(inner_lr, dtype=value.dtype, requires_grad=False) for name, value in parameters.items()}
