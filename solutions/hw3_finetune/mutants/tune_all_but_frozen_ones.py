"""In mode all you left out what came frozen.

Module: finetune
Problem: 1
Hint: All is every parameter of the model, whatever required gradients before.
"""


def parameters_to_fine_tune(model: nn.Module, mode: str) -> list[nn.Parameter]:
    if mode == "all":
        chosen = [parameter for parameter in model.parameters() if parameter.requires_grad]
    elif mode in ("first", "last", "middle"):
        chosen = [parameter for block in two_blocks(model, mode) for parameter in block.parameters()]
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
