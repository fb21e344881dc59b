"""In a model without LoRA layers your mode lora tunes nothing, without a word.

Module: finetune
Problem: 1
Hint: Raise ValueError if no module has base, A and B: somebody forgot add_lora.
"""


def lora_factors(model: nn.Module) -> list[nn.Parameter]:
    layers = [module for module in model.modules() if all(hasattr(module, name) for name in ("base", "A", "B"))]
    return [factor for layer in layers for factor in (layer.A, layer.B)]
