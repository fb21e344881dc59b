"""Two groups.

Module: maml
"""


def outer_optimizer(parameters, inner_lrs, outer_lr):
    groups = [{"params": list(parameters.values())}]
    if any(r.requires_grad for r in inner_lrs.values()):
        groups.append({"params": [r for r in inner_lrs.values() if r.requires_grad]})
    return torch.optim.SGD(groups, lr=outer_lr)
