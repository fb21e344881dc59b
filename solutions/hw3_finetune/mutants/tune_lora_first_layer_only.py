"""You tuned the factors of one LoRA layer; there may be many.

Module: finetune
Problem: 1
Hint: Go through all modules, and return when you have seen the last.
"""


def lora_factors(model: nn.Module) -> list[nn.Parameter]:
    layers = [module for module in model.modules() if all(hasattr(module, name) for name in ("base", "A", "B"))]
    if not layers:
        raise ValueError("mode 'lora' needs a model with LoRA layers: call add_lora first")
    return [factor for layer in layers[:1] for factor in (layer.A, layer.B)]
