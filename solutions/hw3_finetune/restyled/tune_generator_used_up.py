"""A chain of generators.

Module: finetune
"""

import itertools


def parameters_to_fine_tune(model, mode):
    if mode == "all":
        params = model.parameters()
    elif mode == "lora":
        found = [m for m in model.modules() if hasattr(m, "base") and hasattr(m, "A") and hasattr(m, "B")]
        if found == []:
            raise ValueError("no lora")
        params = itertools.chain.from_iterable((m.A, m.B) for m in found)
    elif mode in ("first", "middle", "last"):
        layers = blocks(model)
        if len(layers) < 2:
            raise ValueError("needs two blocks")
        i = {"first": 0, "middle": len(layers) // 2 - 1, "last": len(layers) - 2}[mode]
        params = itertools.chain(layers[i].parameters(), layers[i + 1].parameters())
    else:
        raise ValueError(mode)
    if hasattr(model, "head") and mode != "all":
        params = itertools.chain(params, model.head.parameters())
    if mode != "all":
        params = list(params)
        model.requires_grad_(False)
        params = iter(params)
    for p in params:
        p.requires_grad = True
    return params
