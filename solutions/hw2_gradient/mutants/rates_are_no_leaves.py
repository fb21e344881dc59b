"""Your rates are results of a computation, so that no optimiser takes them.

Module: maml
Problem: 4
Hint: Set requires_grad where the tensor is made, or call requires_grad_() at the end.
"""


def initial_inner_lrs(parameters: Parameters, inner_lr: float, learned: bool) -> dict[str, Tensor]:
    return {
        name: inner_lr * torch.ones((), dtype=value.dtype, requires_grad=learned) for name, value in parameters.items()
    }
