"""You looked at the first rate only; each says for itself whether it is learned.

Module: maml
Problem: 4
Hint: Ask each rate for requires_grad.
"""


def outer_optimizer(parameters: Parameters, inner_lrs: dict[str, Tensor], outer_lr: float) -> torch.optim.Adam:
    learned = list(inner_lrs.values()) if next(iter(inner_lrs.values())).requires_grad else []
    return torch.optim.Adam([*parameters.values(), *learned], lr=outer_lr)
