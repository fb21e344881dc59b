"""Your rates do not have the dtype of their parameters.

Module: maml
Problem: 4
Hint: torch.tensor(number) is float32 unless you say otherwise.
"""


def initial_inner_lrs(parameters: Parameters, inner_lr: float, learned: bool) -> dict[str, Tensor]:
    return {name: torch.tensor(inner_lr, requires_grad=learned) for name in parameters}
