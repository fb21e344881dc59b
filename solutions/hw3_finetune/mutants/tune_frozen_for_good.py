"""You froze the model and forgot to set requires_grad again on what is tuned.

Module: finetune
Problem: 1
Hint: After model.requires_grad_(False), each returned Parameter needs requires_grad_(True).
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
    return unique
