"""You looked for LoRA layers in the blocks only; they may be anywhere in the model.

Module: finetune
Problem: 1
Hint: model.modules() goes through the whole model.
"""


def lora_factors(model: nn.Module) -> list[nn.Parameter]:
    modules = [module for block in blocks(model) for module in block.modules()]
    layers = [module for module in modules if all(hasattr(module, name) for name in ("base", "A", "B"))]
    if not layers:
        raise ValueError("mode 'lora' needs a model with LoRA layers: call add_lora first")
    return [factor for layer in layers for factor in (layer.A, layer.B)]
