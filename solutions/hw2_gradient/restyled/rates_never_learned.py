"""A loop that fills a dict; detached at the end.

Module: maml
"""


def initial_inner_lrs(parameters, inner_lr, learned):
    rates = {}
    for name, p in parameters.items():
        rates[name] = torch.tensor(float(inner_lr), dtype=p.dtype).requires_grad_(learned).detach()
    return rates
