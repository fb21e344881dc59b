"""A list by comprehension.

Module: maml
"""


def outer_optimizer(parameters, inner_lrs, outer_lr):
    return torch.optim.Adam([p for p in parameters.values() if p.requires_grad], outer_lr)
