"""You looked for the class LoRALinear; every module with base, A and B is a LoRA layer.

Module: finetune
Problem: 1
Hint: Ask for the three attributes with hasattr: there are other LoRA layers than yours.
"""

from lora import LoRALinear


def lora_factors(model: nn.Module) -> list[nn.Parameter]:
    layers = [module for module in model.modules() if isinstance(module, LoRALinear)]
    if not layers:
        raise ValueError("mode 'lora' needs a model with LoRA layers: call add_lora first")
    return [factor for layer in layers for factor in (layer.A, layer.B)]
