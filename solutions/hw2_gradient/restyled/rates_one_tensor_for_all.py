"""dict.fromkeys.

Module: maml
"""


def initial_inner_lrs(parameters, inner_lr, learned):
    dtype = list(parameters.values())[0].dtype
    return dict.fromkeys(parameters, torch.full([], inner_lr, dtype=dtype).requires_grad_(learned))
