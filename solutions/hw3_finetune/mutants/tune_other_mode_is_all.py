"""You took an unknown mode for all.

Module: finetune
Problem: 1
Hint: Whoever mistypes a mode wants to hear of it: raise ValueError.
"""


def parameters_to_fine_tune(model: nn.Module, mode: str) -> list[nn.Parameter]:
    if mode == "all":
        chosen = list(model.parameters())
    elif mode in ("first", "last", "middle"):
        chosen = [parameter for block in two_blocks(model, mode) for parameter in block.parameters()]
    elif mode == "lora":
        chosen = lora_factors(model)
    else:
        chosen = list(model.parameters())
    if hasattr(model, "head"):
        chosen += model.head.parameters()
    unique = list({id(parameter): parameter for parameter in chosen}.values())
    model.requires_grad_(False)
    for parameter in unique:
        parameter.requires_grad_(True)
    return unique
