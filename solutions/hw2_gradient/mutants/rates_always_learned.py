"""Your rates require gradients although they are not learned.

Module: maml
Problem: 4
Hint: The flag decides: requires_grad=learned.
"""


def initial_inner_lrs(parameters: Parameters, inner_lr: float, learned: bool) -> dict[str, Tensor]:
    return {name: torch.tensor(inner_lr, dtype=value.dtype, requires_grad=True) for name, value in parameters.items()}
