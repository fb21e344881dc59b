"""You read a generator once yourself, so that the one you returned was empty.

Module: finetune
Problem: 1
Hint: A generator can be read once only: make a list before you loop over it.
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
    model.requires_grad_(False)
    unique = (parameter for parameter in unique)
    for parameter in unique:
        parameter.requires_grad_(True)
    return unique
