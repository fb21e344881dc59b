"""Your outer optimiser is plain gradient descent; it should be Adam.

Module: maml
Problem: 4
Hint: The inner loop is gradient descent, the outer one Adam.
"""


def outer_optimizer(parameters: Parameters, inner_lrs: dict[str, Tensor], outer_lr: float) -> torch.optim.Adam:
    learned = [rate for rate in inner_lrs.values() if rate.requires_grad]
    return torch.optim.SGD([*parameters.values(), *learned], lr=outer_lr)
