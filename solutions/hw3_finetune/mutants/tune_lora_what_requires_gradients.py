"""In mode lora you took everything that still requires gradients.

Module: finetune
Problem: 1
Hint: Adding LoRA layers freezes their bases only: embeddings, norms and other layers still require gradients.
"""


def lora_factors(model: nn.Module) -> list[nn.Parameter]:
    layers = [module for module in model.modules() if all(hasattr(module, name) for name in ("base", "A", "B"))]
    if not layers:
        raise ValueError("mode 'lora' needs a model with LoRA layers: call add_lora first")
    return [parameter for parameter in model.parameters() if parameter.requires_grad]
