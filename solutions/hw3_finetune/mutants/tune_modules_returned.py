"""You returned modules; the optimiser needs the Parameters inside them.

Module: finetune
Problem: 1
Hint: block.parameters() gives the Parameters of a block.
"""


def parameters_to_fine_tune(model: nn.Module, mode: str) -> list[nn.Parameter]:
    if mode == "all":
        chosen = list(model.parameters())
    elif mode in ("first", "last", "middle"):
        chosen = list(two_blocks(model, mode))
    elif mode == "lora":
        chosen = lora_factors(model)
    else:
        raise ValueError(f"mode is all, first, last, middle or lora, not {mode!r}")
    if hasattr(model, "head"):
        chosen += model.head.parameters()
    unique = list({id(parameter): parameter for parameter in chosen}.values())
    model.requires_grad_(False)
    for parameter in unique:
        parameter.requires_grad_(True)
    return unique
