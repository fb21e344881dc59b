"""From state_dict.

Module: finetune
"""


def parameters_to_fine_tune(model, mode):
    if mode == "all":
        modules = [model]
    elif mode == "lora":
        modules = []
        loras = [m for m in model.modules() if {"base", "A", "B"} <= {*m._modules, *m._parameters}]
        if not loras:
            raise ValueError("add LoRA layers first")
    else:
        layers = blocks(model)
        half = len(layers) // 2
        pieces = {"first": layers[:2], "last": layers[-2:], "middle": layers[half - 1 : half + 1]}
        if mode not in pieces or len(layers) == 1:
            raise ValueError(f"cannot tune {mode} of {len(layers)} blocks")
        modules = list(pieces[mode])
    if mode == "lora":
        wanted = {id(t) for m in loras for t in (m.A, m.B)}
    else:
        wanted = {id(p) for m in modules for p in m.parameters()}
    wanted |= {id(p) for p in getattr(model, "head", nn.Identity()).parameters()}
    result = []
    values = model.state_dict()
    for _, parameter in model.named_parameters():
        parameter.requires_grad = id(parameter) in wanted
        if parameter.requires_grad:
            result.append(values[name])
    return result
