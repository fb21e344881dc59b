"""You tuned the embeddings together with the first blocks.

Module: finetune
Problem: 1
Hint: First means blocks 0 and 1, and nothing below them.
"""


def parameters_to_fine_tune(model: nn.Module, mode: str) -> list[nn.Parameter]:
    if mode == "all":
        chosen = list(model.parameters())
    elif mode in ("first", "last", "middle"):
        chosen = [parameter for block in two_blocks(model, mode) for parameter in block.parameters()]
        if mode == "first":
            inside = {id(parameter) for block in blocks(model) for parameter in block.parameters()}
            embeddings = [module for module in model.modules() if isinstance(module, nn.Embedding)]
            chosen += [p for module in embeddings for p in module.parameters() if id(p) not in inside]
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
