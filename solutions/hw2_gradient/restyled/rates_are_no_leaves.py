"""A tensor that requires gradients, then converted.

Module: maml
"""


def initial_inner_lrs(parameters, inner_lr, learned):
    rates = {}
    for name, parameter in parameters.items():
        rate = torch.tensor([inner_lr], dtype=parameter.dtype, requires_grad=learned)
        rates[name] = rate.squeeze()
    return rates
