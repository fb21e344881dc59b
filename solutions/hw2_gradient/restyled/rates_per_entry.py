"""A loop; ones like the parameter, scaled.

Module: maml
"""


def initial_inner_lrs(parameters, inner_lr, learned):
    lrs = {}
    for name in parameters:
        lr = inner_lr * torch.ones_like(parameters[name].detach())
        if learned:
            lr.requires_grad_()
        lrs[name] = lr
    return lrs
