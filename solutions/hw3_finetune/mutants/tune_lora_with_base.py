"""In mode lora you returned the base's parameters, too.

Module: finetune
Problem: 1
Hint: Of a LoRA layer only A and B are tuned: the base stays as it is.
"""


def lora_factors(model: nn.Module) -> list[nn.Parameter]:
    layers = [module for module in model.modules() if all(hasattr(module, name) for name in ("base", "A", "B"))]
    if not layers:
        raise ValueError("mode 'lora' needs a model with LoRA layers: call add_lora first")
    return [parameter for layer in layers for parameter in layer.parameters()]
