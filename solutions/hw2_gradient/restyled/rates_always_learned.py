"""nn.Parameter.

Module: maml
"""


def initial_inner_lrs(parameters, inner_lr, learned):
    return {k: torch.nn.Parameter(torch.full((), inner_lr, dtype=v.dtype)) for k, v in parameters.items()}
