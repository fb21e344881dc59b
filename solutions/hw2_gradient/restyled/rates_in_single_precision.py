"""torch.full and a flag set afterwards.

Module: maml
"""


def initial_inner_lrs(parameters, inner_lr, learned):
    lrs = {name: torch.full((), inner_lr) for name in parameters.keys()}
    for lr in lrs.values():
        lr.requires_grad = learned
    return lrs
