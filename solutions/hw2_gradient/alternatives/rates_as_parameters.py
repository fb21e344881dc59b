"""Rates as nn.Parameter, and two groups of parameters in the outer optimiser.

Module: maml
"""


def initial_inner_lrs(parameters, inner_lr, learned):
    rates = {}
    for name in parameters:
        start = torch.full((), inner_lr, dtype=parameters[name].dtype)
        rates[name] = torch.nn.Parameter(start, requires_grad=learned)
    return rates


def outer_optimizer(parameters, inner_lrs, outer_lr):
    groups = [{"params": list(parameters.values())}]
    learned = [rate for name, rate in inner_lrs.items() if rate.requires_grad]
    if learned:
        groups.append({"params": learned})
    return torch.optim.Adam(groups, outer_lr)
