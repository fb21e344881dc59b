"""Picks by index.

Module: finetune
"""


def parameters_to_fine_tune(model, mode):
    for p in model.parameters():
        p.requires_grad = False
    params = []
    if mode == "all":
        params = [p for p in model.parameters()]
    elif mode == "lora":
        for m in model.modules():
            if hasattr(m, "base") and hasattr(m, "A") and hasattr(m, "B"):
                params.append(m.A)
                params.append(m.B)
        if len(params) == 0:
            raise ValueError("no LoRA layers")
    elif mode in ["first", "last", "middle"]:
        layers = blocks(model)
        n = len(layers)
        if n < 2:
            raise ValueError("too few blocks")
        if mode == "first":
            picked = [layers[0], layers[1]]
        elif mode == "last":
            picked = [layers[n - 2], layers[n - 1]]
        else:
            picked = [layers[n // 2], layers[n // 2 + 1]]
        for layer in picked:
            for p in layer.parameters():
                params.append(p)
    else:
        raise ValueError("unknown mode " + mode)
    if hasattr(model, "head"):
        for p in model.head.parameters():
            if not any(p is q for q in params):
                params.append(p)
    for p in params:
        p.requires_grad = True
    return params
