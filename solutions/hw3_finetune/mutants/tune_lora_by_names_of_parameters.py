"""You took every parameter called A or B; those of a module without base are no LoRA factors.

Module: finetune
Problem: 1
Hint: A LoRA layer has all three attributes: base, A and B.
"""


def lora_factors(model: nn.Module) -> list[nn.Parameter]:
    found = [parameter for name, parameter in model.named_parameters() if name.rpartition(".")[2] in ("A", "B")]
    if not found:
        raise ValueError("mode 'lora' needs a model with LoRA layers: call add_lora first")
    return found
