"""You froze what is not tuned, but what was frozen before and is tuned now stays frozen.

Module: finetune
Problem: 1
Hint: The model may come from an earlier call with another mode: set requires_grad on what you return as well.
"""


def parameters_to_fine_tune(model: nn.Module, mode: str) -> list[nn.Parameter]:
    if mode == "all":
        chosen = list(model.parameters())
    elif mode in ("first", "last", "middle"):
        chosen = [parameter for block in two_blocks(model, mode) for parameter in block.parameters()]
    elif mode == "lora":
        chosen = lora_factors(model)
    else:
        raise ValueError(f"mode is all, first, last, middle or lora, not {mode!r}")
    if hasattr(model, "head"):
        chosen += model.head.parameters()
    unique = list({id(parameter): parameter for parameter in chosen}.values())
    tuned = {id(parameter) for parameter in unique}
    for parameter in model.parameters():
        if id(parameter) not in tuned:
            parameter.requires_grad_(False)
    return unique
