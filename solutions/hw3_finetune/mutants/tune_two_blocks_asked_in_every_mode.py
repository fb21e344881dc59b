"""You refused a model of one block in every mode; only first, middle and last need two.

Module: finetune
Problem: 1
Hint: Look at the number of blocks where blocks are chosen.
"""


def parameters_to_fine_tune(model: nn.Module, mode: str) -> list[nn.Parameter]:
    if len(blocks(model)) < 2:
        raise ValueError("two blocks are needed")
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
    for parameter in unique:
        parameter.requires_grad_(True)
    return unique
