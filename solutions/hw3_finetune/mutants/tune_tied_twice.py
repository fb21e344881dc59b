"""A tensor that is used in two places comes twice in your list.

Module: finetune
Problem: 1
Hint: Tied weights are one Parameter: model.parameters() names it once.
"""


def parameters_to_fine_tune(model: nn.Module, mode: str) -> list[nn.Parameter]:
    if mode == "all":
        chosen = [p for module in model.modules() for p in module.parameters(recurse=False)]
    elif mode in ("first", "last", "middle"):
        chosen = [parameter for block in two_blocks(model, mode) for parameter in block.parameters()]
    elif mode == "lora":
        chosen = lora_factors(model)
    else:
        raise ValueError(f"mode is all, first, last, middle or lora, not {mode!r}")
    if hasattr(model, "head") and mode != "all":
        chosen += model.head.parameters()
    unique = chosen
    model.requires_grad_(False)
    for parameter in unique:
        parameter.requires_grad_(True)
    return unique
